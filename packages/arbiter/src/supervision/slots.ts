/**
 * Decides which slot each worker has. A group has the slots 0 … n−1, where n counts its workers and their spares. Each worker
 * that is to stay has a slot of its own. A worker that is leaving or to be replaced keeps its slot, and its successor has the
 * same one: two processes with one slot are always a worker and its successor. Pure.
 */
import { isLive } from './is-live.js'
import type { WorkerRow } from './worker-table.js'

export interface SlotView {
  /** Number of slots. */
  readonly slots: number
  /** The workers that are to stay. */
  readonly fresh: readonly WorkerRow[]
  /** Every process of the group. */
  readonly all: readonly WorkerRow[]
}

/** Slots for new workers, most urgent first: empty ones, those of leaving workers, those of workers to be replaced. */
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
