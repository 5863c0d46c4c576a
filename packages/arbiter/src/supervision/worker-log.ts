/** What the log says about workers, in the words that operators grep for. */
import type { ArbiterLog } from '../output/logger.js'
import type { OutputName, WorkerLogRecord } from '../protocol/messages.js'
import { kernelState } from '../system/kernel-state.js'
import type { Evidence } from './evidence.js'
import type { ExitReport } from './exit-report.js'
import { type LimitProblem, mebibytes } from './memory-limit.js'
import type { Reason } from './reason.js'
import type { WorkerRow } from './worker-table.js'

/** How many different failures of one generation are remembered. */
const maxTexts = 100

export interface ExitDetails {
  /** Workers of this group come and go with the requests. */
  readonly isRoutine: boolean
  readonly evidence: Evidence
}

export class WorkerLog {
  readonly #log: ArbiterLog
  readonly #hasSeveralGroups: () => boolean
  #said: { readonly generation: number; readonly texts: Set<string> } = { generation: -1, texts: new Set() }

  constructor(log: ArbiterLog, hasSeveralGroups: () => boolean) {
    this.#log = log
    this.#hasSeveralGroups = hasSeveralGroups
  }

  /** `isRoutine`: workers of this group come and go with the requests. */
  booting(row: WorkerRow, isRoutine: boolean): void {
    this.#log[isRoutine ? 'debug' : 'info'](`Booting worker with pid: ${row.pid}`, this.#identity(row))
  }

  spawnFailed(row: WorkerRow, why: string): void {
    this.#log.error(`Could not start a worker: ${why}`, this.#identity(row))
  }

  draining(row: WorkerRow, reason: Reason): void {
    this.#log.debug(`Draining worker: ${reason.text}`, this.#identity(row))
  }

  recycling(row: WorkerRow, why: string): void {
    this.#log.info(`Recycling worker: ${why}`, this.#identity(row))
  }

  /** Logged once per generation. */
  lowLimit(row: WorkerRow, { limit, footprint, applied }: LimitProblem): void {
    const is = `\`maxRss\` is ${mebibytes(limit)}, and a worker has ${mebibytes(footprint)} after its boot`
    if (this.#isRepeated(row, `maxRss ${row.group}`)) return
    const fields = this.#hasSeveralGroups() ? { group: row.group } : {}
    this.#log.warn(`${is}: it is replaced above ${mebibytes(applied)}. Raise \`maxRss\``, fields)
  }

  /** A worker was silent. Its own watchdog has reported what it could; this adds what is known from outside. */
  timeout(row: WorkerRow, silentMs: number, evidence: Evidence): void {
    this.#log.error(`WORKER TIMEOUT (pid:${row.pid})`, {
      ...this.#identity(row),
      silentSeconds: Math.round(silentMs / 100) / 10,
      ...evidence,
      ...kernelState(`/proc/${row.pid}`),
    })
  }

  /** Leaves out the evidence of a silent worker, which {@link WorkerLog.timeout} has already logged. */
  killing(row: WorkerRow, reason: Reason, evidence: Evidence): void {
    const isTold = row.abortedFor === 'silence'
    this.#log.warn(`Killing worker (pid:${row.pid}): ${reason.text}`, {
      ...(isTold
        ? {}
        : { ...evidence, ...(evidence.error === undefined && kernelState(`/proc/${row.pid}`)) }),
      ...this.#identity(row),
    })
  }

  exiting(row: WorkerRow, report: ExitReport, { isRoutine, evidence }: ExitDetails): void {
    const level = isRoutine && report.kind === 'max-requests' ? 'debug' : report.level
    this.#log.write(level, `Worker exiting (pid: ${row.pid}): it ${report.text}`, {
      ...evidence,
      ...this.#identity(row),
    })
  }

  /** A line from the worker itself. The arbiter adds its identity. */
  own(row: WorkerRow, { level, message, fields, isShared = false }: WorkerLogRecord): void {
    const isOnce = isShared || fields?.code !== undefined
    const isRepeated = isOnce && this.#isRepeated(row, `${message}\n${fields?.error}`)
    this.#log.write(isRepeated ? 'debug' : level, message, { ...fields, ...this.#identity(row) })
  }

  lostBroadcasts(row: WorkerRow, count: number): void {
    this.#log.warn(
      `${count} broadcasts were lost: the worker does not read them fast enough`,
      this.#identity(row),
    )
  }

  /** A line that the app printed. */
  output(row: WorkerRow, name: OutputName, line: string): void {
    this.#log.write(name === 'stdout' ? 'info' : 'warn', line, { stream: name, ...this.#identity(row) })
  }

  /** Every worker of a generation that does not boot reports the same problem. Once is enough. */
  #isRepeated({ generation }: WorkerRow, text: string): boolean {
    if (this.#said.generation !== generation) this.#said = { generation, texts: new Set() }
    const { texts } = this.#said
    if (texts.has(text)) return true
    if (texts.size < maxTexts) texts.add(text)
    return false
  }

  /** `worker=3 gen=2 pid=412 slot=0`, and the group if there are several. */
  #identity(row: WorkerRow): Readonly<Record<string, unknown>> {
    const group = this.#hasSeveralGroups() ? { group: row.group } : {}
    return { ...group, worker: row.age, gen: row.generation, pid: row.pid, slot: row.slot }
  }
}
