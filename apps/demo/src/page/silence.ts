/** How long a worker has given no sign of life. Pure. */
import type { WorkerStatus } from '@tunicorn/arbiter/control'

/** The time of two signs of life: a worker that misses only one may just be busy. */
const noticedMs = 2_000

/** How long a worker has been silent, in milliseconds. Undefined if it need not give signs of life, or does. `at`: time of the status. */
export function silenceOf({ state, lastSeenAt }: WorkerStatus, at: number): number | undefined {
  if (state !== 'serving') return undefined
  const silentMs = at - Date.parse(lastSeenAt)
  return silentMs > noticedMs ? silentMs : undefined
}
