import { it } from 'vitest'
import { controlChaos } from '../runs/control-chaos.js'

const seconds = Number(process.env.SOAK_SECONDS ?? 25)

it(
  'the control API answers, truly and in time, whatever workers and 100 readers do',
  {
    timeout: (seconds + 95) * 1_000,
  },
  () => controlChaos({ ms: seconds * 1_000, readers: 100, deafReaders: 10 }),
)
