/**
 * The crash budget of a group: workers that never became ready, or died within a second of it, count. The next
 * spawn then waits, exponentially longer, with jitter. Nothing else waits with it.
 */

const firstDelayMs = 200
export const maxDelayMs = 30_000
/** For a boot that somebody outside has killed: the next one may well succeed. */
export const maxKillDelayMs = 1_000
/** A worker that served this long was not a crash of the boot. */
export const provenAfterMs = 1_000

export interface CrashBudget {
  /** Failures since a worker was last loyal. */
  readonly failures: number
  /** No spawn before this moment of arbiter time. */
  readonly notBefore: number
}

export const freshBudget: CrashBudget = { failures: 0, notBefore: 0 }

export interface Failure {
  readonly now: number
  /** In [0, 1); gives the jitter. */
  readonly random: number
  readonly maxMs: number
}

/** The budget after one more failure. */
export function spend(budget: CrashBudget, { now, random, maxMs }: Failure): CrashBudget {
  const failures = budget.failures + 1
  const delay = Math.min(maxMs, firstDelayMs * 2 ** (failures - 1))
  return { failures, notBefore: now + delay * (0.5 + random / 2) }
}
