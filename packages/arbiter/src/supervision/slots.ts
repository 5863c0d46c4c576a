/**
 * Which slot each worker has. A group has the slots 0 … n−1, n being its workers and their spares. Of the workers that are to
 * stay, each has one of its own. One that is to be replaced, or is leaving, keeps its slot, and so does its successor: two
 * processes with one slot are always a worker and its successor. Pure.
 */
import { isLive } from './is-live.js'
import type { WorkerRow } from './worker-table.js'

export interface SlotView {
  /** Slots that there are. */
  readonly slots: number
  /** Workers that are to stay. */
  readonly fresh: readonly WorkerRow[]
  /** Every process of the group. */
  readonly all: readonly WorkerRow[]
}

/** Slots for new workers, the most urgent first: those of nobody, of who is leaving, of who is to be replaced. */
export function freeSlots({ slots, fresh, all }: SlotView): readonly number[] {
  const taken = new Set(fresh.map(({ slot }) => slot))
  const urgency = (slot: number): number => {
    const holders = all.filter(row => row.slot === slot)
    if (holders.length === 0) return 0
    return holders.some(isLive) ? 2 : 1
  }
  return Array.from({ length: slots }, (_, slot) => slot)
    .filter(slot => !taken.has(slot))
    .toSorted((one, other) => urgency(one) - urgency(other) || one - other)
}

/** Whether another process of the group may be at work in the slot: it was told to serve, and has not ended. */
export function isOccupied(all: readonly WorkerRow[], { age, slot }: WorkerRow): boolean {
  return all.some(row => row.slot === slot && row.age !== age && mayBeAtWork(row))
}

function mayBeAtWork({ state }: WorkerRow): boolean {
  return state !== 'booting' && state !== 'standby'
}
