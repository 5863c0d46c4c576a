/**
 * The crash budget of a group. Workers count that never became ready or died within a second of it. Each one delays the
 * next spawn, exponentially longer and with jitter. Nothing else waits with it.
 */

const firstDelayMs = 200
export const maxDelayMs = 30_000
/** The longest delay after a boot that was killed from outside: the next one may well succeed. */
export const maxKillDelayMs = 1_000
/** The end of a worker that has served this long does not count as a crash at boot. */
export const provenAfterMs = 1_000

export interface CrashBudget {
  /** Failures since a worker last proved itself. */
  readonly failures: number
  /** No spawn before this moment of arbiter time. */
  readonly notBefore: number
}

export const freshBudget: CrashBudget = { failures: 0, notBefore: 0 }

export interface Failure {
  readonly now: number
  /** In [0, 1); determines the jitter. */
  readonly random: number
  readonly maxMs: number
}

/** The budget after one more failure. */
export function spend(budget: CrashBudget, { now, random, maxMs }: Failure): CrashBudget {
  const failures = budget.failures + 1
  const delay = Math.min(maxMs, firstDelayMs * 2 ** (failures - 1))
  return { failures, notBefore: now + delay * (0.5 + random / 2) }
}
