/** How long a worker has given no sign of life. Pure. */
import type { WorkerStatus } from '@tunicorn/arbiter/control'

/** Two signs of life: who misses one may only be busy. */
const noticedMs = 2_000

/** Milliseconds of silence of a worker that should give signs of life; undefined for one that gives them. `at`: when it was so. */
export function silenceOf({ state, lastSeenAt }: WorkerStatus, at: number): number | undefined {
  if (state !== 'serving') return undefined
  const silentMs = at - Date.parse(lastSeenAt)
  return silentMs > noticedMs ? silentMs : undefined
}
