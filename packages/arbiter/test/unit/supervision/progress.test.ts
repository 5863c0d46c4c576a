import { it } from 'vitest'
import { checkProgress, phases } from './progress.js'

// `test/unit/soak` has those of three.
it.each(phases)('whatever the state of up to two workers, with a rollout: %s', phase =>
  checkProgress(phase, 2),
)
