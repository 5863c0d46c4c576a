/** How much memory the processes of a server use, in bytes, according to their heartbeats. Pure. */
import type { ArbiterState } from './state.js'

/** The median of the workers of a group; 0 until one of them has reported. */
export function usualBytes({ table }: ArbiterState, group: string): number {
  const sizes = table
    .rowsOf(group)
    .filter(row => row.state === 'serving')
    .flatMap(({ sample }) => sample?.rss || [])
    .toSorted((one, other) => one - other)
  return sizes[Math.floor(sizes.length / 2)] ?? 0
}

/** All processes together; `ownBytes` is the arbiter's share. A worker that has not reported yet counts with the usual size. */
export function usedBytes(state: ArbiterState, ownBytes: number): number {
  return state.table
    .rows()
    .reduce((sum, { sample, group }) => sum + (sample?.rss || usualBytes(state, group)), ownBytes)
}
