/** What the processes of a server have of memory, as far as their heartbeats have told. Bytes. Pure. */
import type { ArbiterState } from './state.js'

/** What the worker in the middle of a group has; 0 while none of them has told. */
export function usualBytes({ table }: ArbiterState, group: string): number {
  const sizes = table
    .rowsOf(group)
    .filter(row => row.state === 'serving')
    .flatMap(({ sample }) => sample?.rss || [])
    .toSorted((one, other) => one - other)
  return sizes[Math.floor(sizes.length / 2)] ?? 0
}

/** All processes together, `ownBytes` of them the arbiter's. One that has not told yet has what is usual. */
export function usedBytes(state: ArbiterState, ownBytes: number): number {
  return state.table
    .rows()
    .reduce((sum, { sample, group }) => sum + (sample?.rss || usualBytes(state, group)), ownBytes)
}
