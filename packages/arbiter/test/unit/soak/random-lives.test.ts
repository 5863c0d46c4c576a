import { it } from 'vitest'
import { endWhenTold, startWithBadCode, stopAtAnyMoment } from '../supervision/random-lives.js'

it('whatever happens to a server, it gets where it is to be, and ends when told to', () => endWhenTold(1_000))

it('a server may be stopped at any moment, and in any two ways', () => stopAtAnyMoment(1_000))

it('a server whose code does not boot at its start ends, or serves all the same', () =>
  startWithBadCode(300, ['APP_LOAD_FAILED', 'serves']))
