import { it } from 'vitest'
import { manyBroadcasts } from '../runs/broadcasts.js'

const seconds = Number(process.env.SOAK_SECONDS ?? 15)

it(
  '10,000 a second arrive in order, and one worker that does not read costs nobody else',
  {
    timeout: seconds * 1_000 + 240_000,
  },
  () => manyBroadcasts(seconds),
)
