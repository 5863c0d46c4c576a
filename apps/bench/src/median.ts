export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const upper = sorted[Math.floor(sorted.length / 2)]
  const lower = sorted[Math.floor((sorted.length - 1) / 2)]
  if (upper === undefined || lower === undefined) throw new RangeError('No median of nothing')
  return (lower + upper) / 2
}

/** The ratio of each round, because what disturbed the machine in a round disturbed both sides. */
export function ratiosByRound(values: readonly number[], baseline: readonly number[]): readonly number[] {
  return values.map((value, round) => {
    const base = baseline[round]
    if (base === undefined) throw new RangeError(`The baseline has no round ${round}`)
    return value / base
  })
}
