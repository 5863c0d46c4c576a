/** The worker process that answers. */
export interface WorkerDescription {
  readonly pid: number
  /** Counts the reloads. */
  readonly generation: number
  /** How long this worker has been running. */
  readonly seconds: number
}

export function describeWorker(): WorkerDescription {
  return {
    pid: process.pid,
    generation: Number(process.env.TUNICORN_GENERATION ?? 0),
    seconds: Math.round(process.uptime()),
  }
}
