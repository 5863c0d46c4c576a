/**
 * The arbiter's clock. It is monotonic, and it stands still while the arbiter itself was not scheduled (suspend, SIGSTOP, a
 * frozen cgroup): a worker's deadline must not pass while nobody could listen to it.
 */

/** A longer gap between two ticks counts as a suspension. */
const suspensionMs = 2_000

export interface Clock {
  /** Milliseconds of arbiter time. */
  now(): number
  /** Call at least once a second. Returns the milliseconds for which the arbiter was not scheduled since the last call, or 0. */
  tick(): number
}

/** A clock based on a monotonic source in milliseconds. */
export function createClock(source: () => number): Clock {
  let lostMs = 0
  let lastTick = source()
  return {
    now: () => Math.min(source(), lastTick + suspensionMs) - lostMs,
    tick() {
      const real = source()
      const gap = real - lastTick
      lastTick = real
      if (gap <= suspensionMs) return 0
      lostMs += gap - suspensionMs
      return gap
    },
  }
}
