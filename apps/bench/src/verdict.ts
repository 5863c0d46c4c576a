/** What a comparison has found: a ratio by round, and whether the ratios are conclusive. */
import { median } from './median.js'

/** `undefined`: the rounds are further apart than the median is from the target, so another run may say the opposite. */
export type Verdict = boolean | undefined

/** Whether the median of `ratios` is at least `target`. */
export function verdictOf(ratios: readonly number[], target: number): Verdict {
  const middle = median(ratios)
  const isReached = middle >= target
  const worst = isReached ? Math.min(...ratios) : Math.max(...ratios)
  return worst >= target === isReached ? isReached : undefined
}

/** The median, and how far apart the rounds were. Far apart means that the machine was busy. */
export function describeRatios(ratios: readonly number[]): string {
  const [low, high] = [Math.min(...ratios), Math.max(...ratios)]
  return `× ${median(ratios).toFixed(3)} (${low.toFixed(2)} to ${high.toFixed(2)})`
}
