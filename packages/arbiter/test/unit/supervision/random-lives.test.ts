import { it } from 'vitest'
import { endWhenTold, startWithBadCode, stopAtAnyMoment } from './random-lives.js'

// `test/unit/soak` has more.
it('whatever happens to a server, it gets where it is to be, and ends when told to', () => endWhenTold(100))

it('a server may be stopped at any moment, and in any two ways', () => stopAtAnyMoment(100))

it('a server whose code does not boot at its start ends, or serves all the same', () =>
  startWithBadCode(100, ['BOOT_FAILED', 'serves']))
