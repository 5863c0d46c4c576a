/** Counts in buckets with fixed bounds: the data of a histogram. */

export interface Distribution {
  /** Upper bounds in seconds. */
  readonly bounds: readonly number[]
  /** One more than there are bounds. Each observation is counted in exactly one of them. */
  readonly counts: number[]
  sum: number
}

export function createDistribution(bounds: readonly number[]): Distribution {
  return { bounds, counts: [...bounds.map(() => 0), 0], sum: 0 }
}

/** Adds one observation. */
export function observe(distribution: Distribution, value: number): void {
  const found = distribution.bounds.findIndex(bound => value <= bound)
  const index = found === -1 ? distribution.bounds.length : found
  distribution.counts[index] = (distribution.counts[index] ?? 0) + 1
  distribution.sum += value
}
