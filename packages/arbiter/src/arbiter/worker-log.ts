/** What the log says about workers, in the words that operators grep for. */
import type { ArbiterLog } from '../logger.js'
import { kernelState } from '../process/kernel-state.js'
import type { WorkerLogRecord } from '../protocol/messages.js'
import type { ExitReport } from './exit-report.js'
import type { Reason, WorkerRow } from './worker-table.js'

export class WorkerLog {
  readonly #log: ArbiterLog
  readonly #hasSeveralGroups: () => boolean

  constructor(log: ArbiterLog, hasSeveralGroups: () => boolean) {
    this.#log = log
    this.#hasSeveralGroups = hasSeveralGroups
  }

  booting(row: WorkerRow): void {
    this.#log.info(`Booting worker with pid: ${row.pid}`, this.#identity(row))
  }

  spawnFailed(row: WorkerRow, why: string): void {
    this.#log.error(`No worker process could be started: ${why}`, this.#identity(row))
  }

  draining(row: WorkerRow, reason: Reason): void {
    this.#log.debug(`Draining worker: ${reason.text}`, this.#identity(row))
  }

  recycling(row: WorkerRow, why: string): void {
    this.#log.info(`Recycling worker: ${why}`, this.#identity(row))
  }

  /** A worker was silent. Its own watchdog has told what it could; this is what is known from outside. */
  timeout(row: WorkerRow, silentMs: number): void {
    const requests = row.sample?.longest.map(({ method, target, ms }) => `${method} ${target} (${ms} ms)`)
    this.#log.error(`WORKER TIMEOUT (pid:${row.pid})`, {
      ...this.#identity(row),
      silentSeconds: Math.round(silentMs / 100) / 10,
      ...(requests && requests.length > 0 && { requests: requests.join(', ') }),
      ...kernelState(`/proc/${row.pid}`),
    })
  }

  killing(row: WorkerRow, reason: Reason): void {
    this.#log.warn(`Killing worker (pid:${row.pid}): ${reason.text}`, this.#identity(row))
  }

  exiting(row: WorkerRow, report: ExitReport): void {
    this.#log.write(report.level, `Worker exiting (pid: ${row.pid}): it ${report.text}`, this.#identity(row))
  }

  /** A line of the worker itself. Its identity is ours to give. */
  own(row: WorkerRow, { level, message, fields }: WorkerLogRecord): void {
    this.#log.write(level, message, { ...fields, ...this.#identity(row) })
  }

  /** `worker=3 gen=2 pid=412`, and the group where there are several. */
  #identity(row: WorkerRow): Readonly<Record<string, unknown>> {
    const group = this.#hasSeveralGroups() ? { group: row.group } : {}
    return { ...group, worker: row.age, gen: row.generation, pid: row.pid }
  }
}
