/** Whether a new generation fails more requests than the old one does at the same time: the setting `canaryMaxErrors`. Pure. */
import { type RequestFigures, requestCodes } from '../protocol/request-figures.js'

/** How many requests have ended, and how many of those failed. */
export interface Outcomes {
  readonly ended: number
  readonly failed: number
}

/** Counted since the first new worker was to serve beside the old ones. */
export interface Comparison {
  readonly fresh: Outcomes
  readonly old: Outcomes
}

export const noOutcomes: Outcomes = { ended: 0, failed: 0 }
export const nothingCompared: Comparison = { fresh: noOutcomes, old: noOutcomes }

/** Fewer failed requests than this count as chance, whatever their share. */
const fewestFailed = 5
const failedIndex = requestCodes.indexOf('5xx')

export function outcomesOf({ codes }: RequestFigures): Outcomes {
  return { ended: codes.reduce((sum, count) => sum + count, 0), failed: codes[failedIndex] ?? 0 }
}

/** Adds the growth from `before` to `now` to `to`. Workers run app code, so a total may fall: then it adds nothing. */
export function withGrowth(to: Outcomes, before: Outcomes, now: Outcomes): Outcomes {
  return {
    ended: to.ended + Math.max(0, now.ended - before.ended),
    failed: to.failed + Math.max(0, now.failed - before.failed),
  }
}

/** What is wrong with the new generation; undefined where `maxErrors` is 0. */
export function canaryProblem({ fresh, old }: Comparison, maxErrors: number): string | undefined {
  if (maxErrors === 0 || fresh.failed < fewestFailed) return undefined
  if (shareOf(fresh) - shareOf(old) <= maxErrors) return undefined
  return `its requests fail more often than those of the old generation: ${text(fresh)}, against ${text(old)}`
}

function shareOf({ ended, failed }: Outcomes): number {
  return ended === 0 ? 0 : failed / ended
}

function text(outcomes: Outcomes): string {
  const percent = Math.round(shareOf(outcomes) * 1_000) / 10
  return `${percent} % (${outcomes.failed} of ${outcomes.ended})`
}
