import { it } from 'vitest'
import { controlChaos } from '../runs/control-chaos.js'

// `test/soak` does it for longer, with more readers.
it('the control API answers, truly and in time, whatever workers and readers do', () =>
  controlChaos({ ms: 5_000, readers: 20, deafReaders: 3 }))
