import { it } from 'vitest'
import { checkProgress, phases } from '../supervision/progress.js'

it.each(phases)('whatever the state of up to three workers, with a rollout: %s', phase =>
  checkProgress(phase, 3),
)
