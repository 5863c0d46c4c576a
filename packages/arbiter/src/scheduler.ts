/** Schedules what the arbiter does later. It is passed as an argument, so that a test can control the time. */
export interface Scheduler {
  /** Milliseconds of a monotonic clock. It continues while the process is suspended. */
  now(): number
  /** Runs once, after what is already due. */
  soon(run: () => void): void
  /** Runs repeatedly, until the returned function is called. */
  every(ms: number, run: () => void): () => void
}

/** The scheduler of this process. */
export const processScheduler: Scheduler = {
  now: () => performance.now(),
  soon: run => void setImmediate(run),
  every(ms, run) {
    const timer = setInterval(run, ms)
    return () => clearInterval(timer)
  },
}
