/** When the arbiter does what it does not do at once. An argument, so that a test can let time pass as it likes. */
export interface Scheduler {
  /** Milliseconds of a monotonic clock. It goes on while the process does not run. */
  now(): number
  /** Once, after what has already happened. */
  soon(run: () => void): void
  /** Again and again, until the returned function is called. */
  every(ms: number, run: () => void): () => void
}

/** The time of this process. */
export const processScheduler: Scheduler = {
  now: () => performance.now(),
  soon: run => void setImmediate(run),
  every(ms, run) {
    const timer = setInterval(run, ms)
    return () => clearInterval(timer)
  },
}
