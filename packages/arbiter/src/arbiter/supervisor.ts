/**
 * The arbiter's one loop: what happened goes into the state, `reconcile` decides, and the actions are carried out.
 * Most handlers only note what happened and wake the loop. A worker that wants handles gets them at once, and one that cannot
 * be spoken to is killed at once. Nothing here waits for a worker.
 */
import { assertNever } from '../assert-never.js'
import type { Clock } from '../clock.js'
import type { ScaledGroup } from '../control/status.js'
import { TunicornError } from '../errors.js'
import type { ArbiterLog } from '../logger.js'
import type { OomCounter } from '../process/oom-counter.js'
import type { Spawner } from '../process/spawner.js'
import type { FromHost } from '../protocol/messages.js'
import type { BoundSocket } from '../sockets/bind.js'
import type { SocketStore } from '../sockets/socket-store.js'
import type { Action } from './actions.js'
import { Conditions } from './conditions.js'
import { applyExit, applyMessage, applySpawnFailure, applyStop, commit } from './events.js'
import { type ExitReport, type ProcessExit, reportExit } from './exit-report.js'
import type { ArbiterHookRunner } from './hook-runner.js'
import { isReady } from './is-ready.js'
import { type Generation, type LaunchGroup, policyOf, spawnRequest } from './launch.js'
import type { Observers } from './observers.js'
import { Processes } from './processes.js'
import { reconcile } from './reconcile.js'
import { Rollouts } from './rollouts.js'
import { failuresOf, isScaled, type ScaleOrder, scale } from './scale.js'
import {
  type ArbiterState,
  createGroup,
  createState,
  isStopping,
  policyFor,
  type StopOrder,
} from './state.js'
import { Targets } from './targets.js'
import { WorkerLog } from './worker-log.js'
import type { WorkerRow } from './worker-table.js'

const tickMs = 250
/** A tick that is so late is missing. */
const stuckMs = 5_000
/** One pass of the loop settles in a few rounds; more is a defect that must not become a busy loop. */
const mostRounds = 50

export interface SupervisorParts {
  readonly spawner: Spawner
  readonly clock: Clock
  readonly log: ArbiterLog
  readonly sockets: SocketStore
  readonly hooks: ArbiterHookRunner
  readonly observers: Observers
  readonly oomCounter: OomCounter
  /** In [0, 1). */
  random(): number
}

/** How supervision ended. `error` is set when no worker ever became ready. */
export interface Halt {
  readonly error?: TunicornError
}

export class Supervisor {
  readonly state: ArbiterState = createState()
  readonly halted: Promise<Halt>
  readonly #parts: SupervisorParts
  readonly #workerLog: WorkerLog
  readonly #targets: Targets
  readonly #rollouts: Rollouts
  readonly #processes: Processes
  readonly #timer: NodeJS.Timeout
  readonly #conditions = new Conditions()
  #isAwake = false
  #tickedAt = performance.now()
  #resolveHalted: (halt: Halt) => void = () => {}

  constructor(parts: SupervisorParts) {
    this.#parts = parts
    this.#processes = new Processes(parts.spawner, (row, text) => this.#onBroken(row, text))
    this.#rollouts = new Rollouts(this.state, parts.sockets, parts.log)
    this.#workerLog = new WorkerLog(parts.log, () => this.state.groups.size > 1)
    this.#targets = new Targets((group, from, to) => {
      parts.hooks.workersChanged(group, from, to)
      parts.observers.targetChanged(group, from, to)
    })
    this.halted = new Promise(resolve => {
      this.#resolveHalted = resolve
    })
    this.#timer = setInterval(() => this.#tick(), tickMs)
  }

  /** Starts the first generation. `isHeld`: to standby only. */
  begin(generation: Generation, isHeld = false): void {
    this.#rollouts.add(generation)
    this.state.isHeld = isHeld
    for (const [name, { group }] of generation.groups)
      this.state.groups.set(name, createGroup(name, policyOf(group, generation.config), generation.number))
    this.#wake()
  }

  /** Resolves when the server has started; see `isReady`. */
  whenReady(): Promise<void> {
    return this.#until(() => isReady(this.state))
  }

  /**
   * Replaces the running generation, worker by worker.
   *
   * @throws TunicornError `RELOAD_FAILED`, `RELOAD_ROLLED_BACK`, `ARBITER_STOPPED`
   */
  rollout(generation: Generation): Promise<void> {
    const done = this.#rollouts.begin(generation)
    if (this.state.stop) this.#rollouts.stopped()
    this.#wake()
    return done
  }

  stop(order: Omit<StopOrder, 'drainAt'>, delayMs: number): void {
    applyStop(this.state, { ...order, drainAt: this.#parts.clock.now() + delayMs })
    this.#rollouts.stopped()
    this.#wake()
  }

  /** @throws TunicornError `GROUP_UNKNOWN` */
  scale(order: ScaleOrder): readonly ScaledGroup[] {
    const groups = scale(this.state, order)
    this.#wake()
    return groups
  }

  /** To be called right after {@link Supervisor.scale}. @throws TunicornError see `isScaled`, and the reason of `signal` */
  whenScaled(groups: readonly ScaledGroup[], signal?: AbortSignal): Promise<void> {
    const failures = failuresOf(this.state, groups)
    return this.#until(() => isScaled(this.state, failures), signal)
  }

  /** What a group runs; of the generation that serves, when there are two. */
  launchOf(name: string): LaunchGroup | undefined {
    const group = this.state.groups.get(name)
    return group && this.#rollouts.launchOfGroup(group)
  }

  /** Log files were moved away. */
  reopenLogs(): void {
    for (const row of this.state.table.rows()) this.#processes.send(row, { type: 'reopen' })
  }

  /** Name of the class of a worker that has just been spawned. */
  workerClassOf(row: Readonly<WorkerRow>): string {
    return this.#rollouts.launchOf(row)?.group.workerClass.definition.name ?? 'unknown'
  }

  /** Whether the loop turns. */
  isTicking(): boolean {
    return performance.now() - this.#tickedAt < stuckMs
  }

  /** Drains every worker and spawns none, or takes that back. */
  park(isParked: boolean): void {
    this.state.isParked = isParked
    this.#wake()
  }

  #tick(): void {
    this.#tickedAt = performance.now()
    const pausedMs = this.#parts.clock.tick()
    if (pausedMs > 0)
      this.#parts.log.warn('The arbiter was not running for a while; no deadline has passed meanwhile', {
        seconds: Math.round(pausedMs / 100) / 10,
      })
    this.#wake()
  }

  #wake(): void {
    if (this.#isAwake) return
    this.#isAwake = true
    setImmediate(() => {
      this.#isAwake = false
      this.#turn()
    })
  }

  #turn(): void {
    const { clock, sockets } = this.#parts
    // All copies of a listening socket close together: nobody is left in a queue that is never served.
    if (isStopping(this.state, clock.now())) sockets.closeAll()
    for (let round = 0; round < mostRounds; round += 1) {
      const actions = reconcile(this.state, clock.now())
      if (actions.length === 0) break
      for (const action of actions) {
        this.#commit(action)
        this.#perform(action)
        if (action.type === 'halt') return
      }
    }
    this.#rollouts.forgetEmptyGroups()
    this.#targets.compare(this.state)
    this.#conditions.check()
  }

  #until(isMet: () => boolean, signal?: AbortSignal): Promise<void> {
    this.#wake()
    return this.#conditions.until(isMet, signal)
  }

  #commit(action: Action): void {
    commit(this.state, action, this.#parts.clock.now())
    if ('age' in action) this.#withRow(action.age, row => this.#parts.observers.saw(row))
  }

  #perform(action: Action): void {
    switch (action.type) {
      case 'spawn':
        return this.#spawn(action.group, action.generation)
      case 'promote':
        return this.#withRow(action.age, row => this.#processes.promote(row, this.#socketsOf(row)))
      case 'drain':
        return this.#withRow(action.age, row => {
          this.#workerLog.draining(row, action.reason)
          this.#processes.send(row, {
            type: 'drain',
            deadlineMs: action.deadlineMs,
            isQuick: this.state.stop?.mode === 'quick',
          })
        })
      case 'abort':
        return this.#withRow(action.age, row => {
          this.#workerLog.timeout(row, action.silentMs)
          this.#parts.hooks.workerAbort(row)
        })
      case 'kill':
        return this.#withRow(action.age, row => {
          this.#workerLog.killing(row, action.reason)
          this.#processes.kill(row)
        })
      case 'retire':
        return this.#withRow(action.age, row => this.#workerLog.recycling(row, action.reason.text))
      case 'prove':
        return this.#rollouts.prove()
      case 'roll':
        return this.#rollouts.roll()
      case 'rollout-done':
        return this.#rollouts.done()
      case 'rollout-failed':
        return this.#rollouts.failed(action.group)
      case 'halt':
        return this.#halt(action.cause)
      default:
        return assertNever(action)
    }
  }

  #withRow(age: number, act: (row: WorkerRow) => void): void {
    const row = this.state.table.get(age)
    if (row) act(row)
  }

  #spawn(name: string, number: number): void {
    const { clock, hooks, observers } = this.#parts
    const generation = this.#rollouts.find(number)
    const launch = generation?.groups.get(name)
    if (!generation || !launch) throw new TypeError(`No generation ${number} of group ${name}`)
    const row = this.state.table.register(name, number, clock.now())
    hooks.preFork(row)
    try {
      this.#processes.spawn(row, spawnRequest(generation, launch, row), {
        onMessage: message => this.#onMessage(row, message),
        onLog: record => this.#workerLog.own(row, record),
        onOutput: (name, line) => this.#workerLog.output(row, name, line),
        onBroken: reason => this.#onBroken(row, reason),
        onExit: exit => this.#onExit(row, exit),
        onFailed: why => this.#onSpawnFailed(row, why),
      })
      observers.saw(row)
      if (row.pid !== undefined) this.#workerLog.booting(row, this.#isRoutine(row))
    } catch (error) {
      this.#onSpawnFailed(row, error instanceof Error ? error.message : String(error))
    }
  }

  #onSpawnFailed(row: WorkerRow, why: string): void {
    const { clock, observers, random } = this.#parts
    this.#workerLog.spawnFailed(row, why)
    if (row.bootedAt === undefined) this.#rollouts.noteProblem(row, `a worker could not be started: ${why}`)
    this.#processes.forget(row)
    applySpawnFailure(this.state, row, why, clock.now(), random())
    observers.exited(row, { kind: 'boot-failed', text: `could not be started: ${why}`, level: 'error' })
    this.#wake()
  }

  /** Workers of a class with spares come and go with the requests, once the first were ready. */
  #isRoutine(row: WorkerRow): boolean {
    const group = this.state.groups.get(row.group)
    return group?.wasReady === true && policyFor(group, row.generation).spares > 0
  }

  #socketsOf(row: WorkerRow): readonly BoundSocket[] {
    return this.#rollouts.launchOf(row)?.sockets ?? []
  }

  #giveListeners(row: WorkerRow, index: number, count: number): void {
    const socket = this.#socketsOf(row)[index]
    if (!socket || row.drain || row.killed) return
    for (let given = 0; given < count; given += 1) this.#processes.giveListener(row, index, socket)
  }

  #onMessage(row: WorkerRow, message: FromHost): void {
    const { clock, observers } = this.#parts
    const ended = message.type === 'heartbeat' ? message.sample.ended : 'ended' in message && message.ended
    if (ended) observers.requestsEnded(row, ended)
    // The channel may be read after the exit of the process was heard of.
    if (!this.state.table.get(row.age)) return
    if (message.type === 'retire' && !row.retire && !row.drain) this.#workerLog.recycling(row, message.reason)
    applyMessage(this.state, row, message, clock.now())
    // With `sync` they come often, and there is nothing to decide.
    if (message.type === 'want-handles') return this.#giveListeners(row, message.index, message.count)
    observers.saw(row)
    if (message.type === 'heartbeat' && row.sample) observers.sampled(row, row.sample)
    if (message.type === 'boot-failed') this.#rollouts.noteProblem(row, message.message)
    this.#wake()
  }

  /** A worker that cannot be spoken to can only be killed. */
  #onBroken(row: WorkerRow, text: string): void {
    if (row.killed || !this.state.table.get(row.age) || row.drain) return
    const action: Action = { type: 'kill', age: row.age, reason: { kind: 'broken', text } }
    this.#commit(action)
    this.#perform(action)
    this.#wake()
  }

  #onExit(row: WorkerRow, exit: ProcessExit): void {
    const { clock, hooks, observers, oomCounter, random } = this.#parts
    const report = reportExit(row, exit, exit.signal === 'SIGKILL' && oomCounter.hasRisen())
    this.#workerLog.exiting(row, report, this.#isRoutine(row))
    hooks.childExit(row, { ...exit, reason: report.kind })
    if (report.level !== 'info' && !row.bootError)
      this.#rollouts.noteProblem(row, problemOf(row, report, clock.now()))
    this.#processes.forget(row)
    applyExit(this.state, row, exit, clock.now(), random())
    observers.exited(row, report)
    this.#wake()
  }

  #halt(cause: 'stopped' | 'boot-failed'): void {
    clearInterval(this.#timer)
    const { fatalBoot } = this.state
    if (cause === 'stopped' || !fatalBoot) return this.#resolveHalted({})
    const error = new TunicornError(fatalBoot.code, fatalBoot.message)
    this.#resolveHalted({ error })
  }
}

/** What a reload says of a worker that its code has cost. */
function problemOf({ servingAt }: WorkerRow, { text }: ExitReport, now: number): string {
  if (servingAt === undefined) return `a worker ${text}`
  return `a worker ${text} after it had served for ${((now - servingAt) / 1_000).toFixed(1)} s`
}
