/** How much memory a worker may have. Pure. */
import type { GroupPolicy } from './group-policy.js'
import type { WorkerRow } from './worker-table.js'

/** What an app needs on top of its boot footprint to serve anything. A lower limit would replace workers forever. */
const marginShare = 0.25
/** A worker this far above its limit is replaced before its minimum life is over. */
const farShare = 1.5

export interface MemoryExcess {
  /** Bytes. */
  readonly rss: number
  readonly limit: number
  readonly isFarAbove: boolean
}

/** In bytes: the limit, what a worker uses after its boot, and the limit that is applied instead. */
export interface LimitProblem {
  readonly limit: number
  readonly footprint: number
  readonly applied: number
}

/** `undefined` while the worker is within its limit. */
export function memoryExcess(row: WorkerRow, policy: GroupPolicy): MemoryExcess | undefined {
  const limit = effectiveLimit(row, policy)
  const rss = row.sample?.rss ?? 0
  if (limit === 0 || rss <= limit) return undefined
  return { rss, limit, isFarAbove: rss > limit * farShare }
}

/** Describes a limit that is not applied as it was set. */
export function limitProblem(row: WorkerRow, policy: GroupPolicy): LimitProblem | undefined {
  const applied = effectiveLimit(row, policy)
  const { footprint } = row
  if (footprint === undefined || applied === policy.maxRssBytes) return undefined
  return { limit: policy.maxRssBytes, footprint, applied }
}

export const mebibytes = (bytes: number): string => `${Math.round(bytes / 1_048_576)} MiB`

function effectiveLimit({ footprint = 0 }: WorkerRow, { maxRssBytes }: GroupPolicy): number {
  return maxRssBytes === 0 ? 0 : Math.max(maxRssBytes, footprint * (1 + marginShare))
}
