/** Carries out decisions about single workers of a server, and records what the workers do. */
import { assertNever } from '../assert-never.js'
import type { Clock } from '../clock.js'
import type { ResolvedGroup } from '../config/settings.js'
import type { AskedAddress } from '../contract/adoption.js'
import type { ArbiterLog } from '../output/logger.js'
import type { ProcessExit, Spawner } from '../process/spawner.js'
import type { FlightRecord } from '../protocol/flight-record.js'
import type { FromHost, WorkerLogRecord, WorkerSample } from '../protocol/messages.js'
import type { BoundSocket } from '../sockets/bind.js'
import type { OomCounter } from '../system/oom-counter.js'
import type { GroupTls } from '../tls/group-tls.js'
import type { Action } from './actions.js'
import { Broadcasts } from './broadcasts.js'
import { outcomesOf } from './canary-errors.js'
import { applyMessage, applyProcess, applySpawn, commit } from './events.js'
import { applyBlocked, evidenceOf, lossOf } from './evidence.js'
import type { ExaminationOrder } from './examination.js'
import { applyStack, beginExamination } from './examinations.js'
import { applyExit, applySpawnFailure } from './exit-events.js'
import { type ExitReport, problemOf, reportExit } from './exit-report.js'
import type { ArbiterHookRunner } from './hook-runner.js'
import { type LaunchGroup, spawnRequest } from './launch.js'
import { logLost } from './lost-requests.js'
import { limitProblem } from './memory-limit.js'
import type { Observers } from './observers.js'
import { Processes } from './processes.js'
import { noteOutcomes } from './rollout-events.js'
import type { Rollouts } from './rollouts.js'
import { type ArbiterState, policyFor } from './state.js'
import { WorkerLog } from './worker-log.js'
import type { Place, WorkerRow } from './worker-table.js'

/** A decision about one existing worker. */
export type WorkerAction = Extract<Action, { readonly age: number }>

export interface WorkerParts {
  readonly spawner: Spawner
  readonly clock: Clock
  readonly log: ArbiterLog
  readonly hooks: ArbiterHookRunner
  readonly observers: Observers
  /** What workers inherit. */
  readonly env: NodeJS.ProcessEnv
  readonly oomCounter: Pick<OomCounter, 'hasRisen'>
  /** In [0, 1). */
  random(): number
}

export class Workers {
  readonly #parts: WorkerParts
  readonly #state: ArbiterState
  readonly #rollouts: Rollouts
  readonly #changed: () => void
  readonly #log: WorkerLog
  readonly #processes: Processes
  readonly #broadcasts: Broadcasts

  /** `changed` is called when something has happened that may need a decision. */
  constructor(
    parts: WorkerParts,
    { state, rollouts }: { readonly state: ArbiterState; readonly rollouts: Rollouts },
    changed: () => void,
  ) {
    this.#parts = parts
    this.#state = state
    this.#rollouts = rollouts
    this.#changed = changed
    this.#log = new WorkerLog(parts.log, () => state.groups.size > 1)
    this.#processes = new Processes(parts.spawner, (row, text) => this.#onBroken(row, text))
    this.#broadcasts = new Broadcasts({ ...parts, processes: this.#processes, log: this.#log })
  }

  spawn(place: Place): void {
    const { clock, env, hooks, observers } = this.#parts
    const generation = this.#rollouts.find(place.generation)
    const launch = generation?.groups.get(place.group)
    if (!generation || !launch)
      throw new TypeError(`No generation ${place.generation} of group ${place.group}`)
    this.#freeInspector(launch.group)
    const row = applySpawn(this.#state, place, clock.now())
    hooks.preFork(row)
    try {
      const pid = this.#processes.spawn(row, spawnRequest({ generation, launch, row, env }), {
        onMessage: message => this.#onMessage(row, message),
        onLog: record => this.#onLog(row, record),
        onOutput: (name, line) => this.#log.output(row, name, line),
        onBroken: reason => this.#onBroken(row, reason),
        onExit: (exit, flight) => this.#onExit(row, exit, flight),
        onFailed: why => this.#onSpawnFailed(row, why),
      })
      applyProcess(row, pid)
      observers.saw(row)
      if (pid !== undefined) this.#log.booting(row, this.#isRoutine(row))
    } catch (error) {
      this.#onSpawnFailed(row, error instanceof Error ? error.message : String(error))
    }
  }

  carryOut(action: WorkerAction): void {
    commit(this.#state, action, this.#parts.clock.now())
    const row = this.#state.table.get(action.age)
    if (!row) return
    this.#parts.observers.saw(row)
    this.#perform(action, row)
  }

  /** Renews the certificates of the workers that were started as `launch` says. */
  renewTls(launch: LaunchGroup, { listener }: GroupTls): void {
    for (const row of this.#state.table.rows())
      if (this.#rollouts.launchOf(row) === launch)
        this.#processes.send(row, { type: 'renew-tls', tls: listener })
  }

  /** To be called when log files were moved away. */
  reopenLogs(): void {
    for (const row of this.#state.table.rows()) this.#processes.send(row, { type: 'reopen' })
  }

  /** @throws TunicornError `WORKER_BUSY` */
  examine(row: WorkerRow, order: ExaminationOrder): void {
    beginExamination(row, order, this.#parts.clock.now())
    if (order.type === 'stack') return this.#processes.askStack(row)
    if (order.type === 'inspect') return this.#processes.send(row, { type: 'inspect', order: order.order })
    this.#processes.send(row, { type: 'examine', examination: order.examination, file: order.file })
  }

  /** The new worker is the one to debug, on the same port. */
  #freeInspector({ name, inspector }: ResolvedGroup): void {
    if (!inspector || inspector.port === 0) return
    for (const row of this.#state.table.rows())
      if (row.group === name) this.#processes.send(row, { type: 'inspect', order: { type: 'close' } })
  }

  #perform(action: WorkerAction, row: WorkerRow): void {
    switch (action.type) {
      case 'promote':
        return this.#processes.promote(row, this.#socketsOf(row))
      case 'drain': {
        const { deadlineMs } = action
        this.#log.draining(row, action.reason)
        const isQuick = this.#state.stop?.mode === 'quick'
        return this.#processes.send(row, { type: 'drain', deadlineMs, isQuick })
      }
      case 'abort':
        return this.#abort(row, action)
      case 'kill':
        this.#log.killing(row, action.reason, evidenceOf(row, this.#processes.flight(row)))
        return this.#processes.kill(row)
      case 'retire':
        return this.#log.recycling(row, action.reason.text)
      default:
        return assertNever(action)
    }
  }

  /** The watchdog of a silent worker has already reported. A worker that does not end has to be asked. */
  #abort(row: WorkerRow, { cause, silentMs }: Extract<WorkerAction, { readonly type: 'abort' }>): void {
    if (cause === 'overdue') return this.#processes.examine(row)
    this.#log.timeout(row, silentMs, evidenceOf(row, this.#processes.flight(row)))
    this.#parts.hooks.workerAbort(row)
  }

  #onLog(row: WorkerRow, record: WorkerLogRecord): void {
    if (record.stack) {
      applyStack(row, record.stack)
      return this.#changed()
    }
    applyBlocked(row, record, this.#parts.clock.now())
    this.#log.own(row, record)
  }

  /** Workers of a class with spares come and go with the requests once the first ones were ready. */
  #isRoutine(row: WorkerRow): boolean {
    const group = this.#state.groups.get(row.group)
    return group?.wasReady === true && policyFor(group, row.generation).spares > 0
  }

  #socketsOf(row: WorkerRow): readonly BoundSocket[] {
    return this.#rollouts.launchOf(row)?.sockets ?? []
  }

  async #settleAddress(row: WorkerRow, asked: AskedAddress | undefined): Promise<void> {
    try {
      await this.#rollouts.launchOf(row)?.open?.settle(asked)
      const addresses = this.#socketsOf(row).map(({ address }) => address)
      this.#processes.send(row, { type: 'addresses', addresses })
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      this.#processes.send(row, { type: 'address-refused', message })
    }
  }

  #onMessage(row: WorkerRow, message: FromHost): void {
    const { clock, observers } = this.#parts
    const ended = message.type === 'heartbeat' ? message.sample.ended : 'ended' in message && message.ended
    if (ended) {
      observers.requestsEnded(row, ended)
      noteOutcomes(this.#state, row, outcomesOf(ended))
    }
    // A message may be read after the exit of its process was noticed.
    if (!this.#state.table.get(row.age)) return
    if (message.type === 'broadcast') return this.#broadcasts.pass(row, message, this.#state.table)
    if (message.type === 'retire' && !row.retire && !row.drain) this.#log.recycling(row, message.reason)
    applyMessage(this.#state, row, message, clock.now())
    if (message.type === 'ask-address') return void this.#settleAddress(row, message.asked)
    observers.saw(row)
    if (message.type === 'boot-failed') this.#rollouts.noteProblem(row, message.message)
    if (message.type !== 'heartbeat') return this.#changed()
    // The next tick decides what follows. A decision per heartbeat would cost the square of the number of workers.
    if (row.sample) this.#onSample(row, row.sample)
  }

  #onSample(row: WorkerRow, sample: WorkerSample): void {
    this.#parts.observers.sampled(row, sample)
    const group = this.#state.groups.get(row.group)
    const problem = group && limitProblem(row, policyFor(group, row.generation))
    if (problem) this.#log.lowLimit(row, problem)
  }

  appMetricsOf(row: Readonly<WorkerRow>): string | undefined {
    return this.#processes.appMetrics(row)
  }

  /** A worker that receives no messages can only be killed. */
  #onBroken(row: WorkerRow, text: string): void {
    if (row.killed || !this.#state.table.get(row.age) || row.drain) return
    this.carryOut({ type: 'kill', age: row.age, reason: { kind: 'broken', text } })
    this.#changed()
  }

  #onSpawnFailed(row: WorkerRow, why: string): void {
    const { clock, observers, random } = this.#parts
    this.#log.spawnFailed(row, why)
    if (row.bootedAt === undefined) this.#rollouts.noteProblem(row, `a worker could not be started: ${why}`)
    this.#processes.forget(row)
    applySpawnFailure(this.#state, row, why, clock.now(), random())
    observers.exited(row, { kind: 'boot-failed', text: `could not be started: ${why}`, level: 'error' })
    this.#changed()
  }

  /** Writes the lines that the worker can no longer write. */
  #logLost(row: WorkerRow, { kind: reason }: ExitReport, { requests }: FlightRecord): void {
    const settings = this.#rollouts.launchOf(row)?.group.settings
    const { group, age, generation, pid } = row
    if (!settings || pid === undefined) return
    const env = { ...this.#parts.env, ...settings.env }
    const worker = { group, age, generation, pid, env }
    void logLost(settings, { requests, worker, reason, at: Date.now() }, this.#parts.log)
  }

  #onExit(row: WorkerRow, exit: ProcessExit, flight: FlightRecord | undefined): void {
    const { clock, hooks, observers, oomCounter, random } = this.#parts
    const report = reportExit(row, exit, exit.signal === 'SIGKILL' && oomCounter.hasRisen())
    const evidence = flight ? lossOf(flight) : evidenceOf(row, undefined)
    this.#log.exiting(row, report, { isRoutine: this.#isRoutine(row), evidence })
    hooks.childExit(row, { ...exit, reason: report.kind })
    if (report.level !== 'info' && !row.bootError)
      this.#rollouts.noteProblem(row, problemOf(row, report, clock.now()))
    this.#broadcasts.forget(row)
    applyExit(this.#state, row, exit, clock.now(), random())
    const lost = flight ? flight.requests.length + flight.unnamed : 0
    observers.exited(row, { ...report, lost })
    this.#processes.forget(row)
    if (flight) this.#logLost(row, report, flight)
    this.#changed()
  }
}
