/**
 * The crash budget of a group: workers that never became ready, or died within a second of it, count. The next
 * spawn then waits, exponentially longer, with jitter. Nothing else waits with it.
 */

const firstDelayMs = 200
const longestDelayMs = 30_000
/** A worker that served this long was not a crash of the boot. */
export const loyalAfterMs = 1_000

export interface CrashBudget {
  /** Failures since a worker was last loyal. */
  readonly failures: number
  /** No spawn before this moment of arbiter time. */
  readonly notBefore: number
}

export const freshBudget: CrashBudget = { failures: 0, notBefore: 0 }

/** The budget after one more failure. `random` is in [0, 1). */
export function spend(budget: CrashBudget, now: number, random: number): CrashBudget {
  const failures = budget.failures + 1
  const delay = Math.min(longestDelayMs, firstDelayMs * 2 ** (failures - 1))
  return { failures, notBefore: now + delay * (0.5 + random / 2) }
}
