/**
 * The arbiter's only loop: events go into the state, `reconcile` decides, and the actions are carried out.
 * Nothing here waits for a worker.
 */
import { assertNever } from '../assert-never.js'
import { TunicornError } from '../errors.js'
import type { Scheduler } from '../scheduler.js'
import type { SocketStore } from '../sockets/socket-store.js'
import type { CpuThrottle } from '../system/cpu-throttle.js'
import type { Identity } from '../system/identity.js'
import type { GroupTls } from '../tls/group-tls.js'
import type { Action } from './actions.js'
import { inheritWorkers } from './autoscale-events.js'
import { Autoscaler } from './autoscaler.js'
import { Conditions } from './conditions.js'
import type { EncryptedGroup } from './encrypted.js'
import { commit } from './events.js'
import type { Examination, ExaminationOrder } from './examination.js'
import { overExamination } from './examinations.js'
import { applyGroups, applyHold } from './group-events.js'
import { isReady } from './is-ready.js'
import { type BeginOptions, type Generation, type LaunchGroup, policiesOf } from './launch.js'
import { applyPark, applyStop, applyThrottled } from './order-events.js'
import { reconcile } from './reconcile.js'
import { Rollouts } from './rollouts.js'
import type { ScaledGroup } from './scale.js'
import { failuresOf, isScaled, type ScaleOrder, scale } from './scale.js'
import { type ArbiterState, createState, isStopping, type StopOrder } from './state.js'
import { Targets } from './targets.js'
import { beginTrial, endTrial, isTrialOver } from './trial.js'
import type { WorkerRow } from './worker-table.js'
import { type WorkerAction, type WorkerParts, Workers } from './workers.js'

const tickMs = 250
/** After this long without a tick, the loop counts as stuck. */
const stuckMs = 5_000
/** One pass of the loop settles in a few rounds. More would be a defect, which must not become a busy loop. */
const maxRounds = 50

export interface SupervisorParts extends WorkerParts {
  readonly sockets: SocketStore
  /** Supplies the clock and wakes the loop. */
  readonly scheduler: Scheduler
  readonly cpuThrottle: Pick<CpuThrottle, 'takeMs'>
  /** Memory of the arbiter. */
  ownBytes(): number
  /** Called when workers keep ending unasked, so that the server is stopped. */
  gaveUp(): void
}

/** How supervision ended. `error` is set if no worker ever became ready, or workers ended unasked too often. */
export interface Halt {
  readonly error?: TunicornError
}

export class Supervisor {
  readonly state: ArbiterState = createState()
  readonly halted: Promise<Halt>
  readonly #parts: SupervisorParts
  readonly #targets: Targets
  readonly #autoscaler: Autoscaler
  readonly #rollouts: Rollouts
  readonly #workers: Workers
  readonly #stopTicking: () => void
  readonly #conditions = new Conditions()
  #isAwake = false
  #tickedAt: number
  #resolveHalted: (halt: Halt) => void = () => {}

  constructor(parts: SupervisorParts) {
    this.#parts = parts
    const { scheduler } = parts
    this.#tickedAt = scheduler.now()
    this.#rollouts = new Rollouts(this.state, parts.sockets, parts.log)
    this.#workers = new Workers(parts, { state: this.state, rollouts: this.#rollouts }, () => this.#wake())
    this.#targets = new Targets((group, from, to) => {
      parts.hooks.workersChanged(group, from, to)
      parts.observers.targetChanged(group, from, to)
    })
    this.#autoscaler = new Autoscaler({ ...parts, state: this.state })
    this.halted = new Promise(resolve => {
      this.#resolveHalted = resolve
    })
    this.#stopTicking = scheduler.every(tickMs, () => this.#tick())
  }

  /** Starts the first generation. */
  begin(generation: Generation, { isHeld = false, inherited = new Map() }: BeginOptions = {}): void {
    this.#rollouts.start(generation)
    applyGroups(this.state, generation.number, policiesOf(generation))
    inheritWorkers(this.state, inherited, this.#parts.clock.now())
    if (isHeld) applyHold(this.state)
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

  /**
   * Resolves when the workers have served for `windowMs`, beside those of another arbiter.
   *
   * @throws TunicornError `UPGRADE_FAILED` when they do not last, `ARBITER_STOPPED`
   */
  async whenProven(windowMs: number): Promise<void> {
    const { clock } = this.#parts
    beginTrial(this.state, clock.now())
    try {
      await this.#until(() => isTrialOver(this.state, windowMs, clock.now()))
    } finally {
      endTrial(this.state)
    }
  }

  /** To be called right after {@link Supervisor.scale}. @throws TunicornError see `isScaled`, and the reason of `signal` */
  whenScaled(groups: readonly ScaledGroup[], signal?: AbortSignal): Promise<void> {
    const failures = failuresOf(this.state, groups)
    return this.#until(() => isScaled(this.state, failures), signal)
  }

  /**
   * Examines a running worker. If `signal` aborts, the worker finishes all the same.
   *
   * @throws TunicornError `WORKER_BUSY`, `EXAMINATION_FAILED`, and the reason of `signal`
   */
  async examine(row: WorkerRow, order: ExaminationOrder, signal: AbortSignal): Promise<Examination> {
    const { age } = row
    this.#workers.examine(row, order)
    let over: Examination | undefined
    await this.#until(() => {
      over = overExamination({ age, row: this.state.table.get(age), order }, this.#parts.clock.now())
      return over !== undefined
    }, signal)
    if (!over) throw new TypeError('The condition is met')
    return over
  }

  /** The user and group that a worker runs as, if they are not the arbiter's own. */
  identityOf(row: WorkerRow): Identity | undefined {
    return this.#rollouts.find(row.generation)?.config.identity
  }

  /** What a group runs; that of the serving generation if there are two. */
  launchOf(name: string): LaunchGroup | undefined {
    const group = this.state.groups.get(name)
    return group && this.#rollouts.launchOfGroup(group)
  }

  /** The groups that present certificates. */
  encryptedGroups(): readonly EncryptedGroup[] {
    return [...this.state.groups.keys()].flatMap(name => {
      const launch = this.launchOf(name)
      return launch?.tls ? [{ name, settings: launch.group.settings, current: launch.tls.current }] : []
    })
  }

  /** Gives a group new certificates, both for its running workers and for those that are spawned later. */
  renewTls(name: string, tls: GroupTls): void {
    const launch = this.launchOf(name)
    if (!launch?.tls) return
    launch.tls.current = tls
    this.#workers.renewTls(launch, tls)
  }

  /** To be called when log files were moved away. */
  reopenLogs(): void {
    this.#workers.reopenLogs()
  }

  /** Class name of a worker that has just been spawned. */
  workerClassOf(row: Readonly<WorkerRow>): string {
    return this.#rollouts.launchOf(row)?.group.workerClass.definition.name ?? 'unknown'
  }

  /** The metrics of a worker's app, as JSON and as last reported. */
  appMetricsOf(row: Readonly<WorkerRow>): string | undefined {
    return this.#workers.appMetricsOf(row)
  }

  /** Whether the loop is running. */
  isTicking(): boolean {
    return this.#parts.scheduler.now() - this.#tickedAt < stuckMs
  }

  /** Drains every worker and spawns none, or undoes that. */
  park(isParked: boolean): void {
    applyPark(this.state, isParked)
    this.#wake()
  }

  #tick(): void {
    const { clock, cpuThrottle, scheduler } = this.#parts
    const elapsedMs = scheduler.now() - this.#tickedAt
    this.#tickedAt = scheduler.now()
    const pausedMs = this.#parts.clock.tick()
    if (pausedMs > 0)
      this.#parts.log.warn('The arbiter was not running for a while; no deadline has passed meanwhile', {
        seconds: Math.round(pausedMs / 100) / 10,
      })
    applyThrottled(this.state, cpuThrottle.takeMs(elapsedMs), clock.now())
    this.#autoscaler.look(clock.now())
    this.#wake()
  }

  #wake(): void {
    if (this.#isAwake) return
    this.#isAwake = true
    this.#parts.scheduler.soon(() => {
      this.#isAwake = false
      this.#turn()
    })
  }

  #turn(): void {
    const { clock, sockets } = this.#parts
    // All copies of a listening socket are closed together, so that nobody is left in a queue that is never served.
    if (isStopping(this.state, clock.now())) sockets.closeAll()
    for (let round = 0; round < maxRounds; round += 1) {
      const actions = reconcile(this.state, clock.now())
      if (actions.length === 0) break
      for (const action of actions) {
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

  #perform(action: Action): void {
    if (isAboutWorker(action)) return this.#workers.carryOut(action)
    commit(this.state, action, this.#parts.clock.now())
    switch (action.type) {
      case 'spawn':
        return this.#workers.spawn(action)
      case 'prove':
        return this.#rollouts.prove()
      case 'roll':
        return this.#rollouts.roll()
      case 'rollout-done':
        return this.#rollouts.done()
      case 'rollout-failed':
        return this.#rollouts.failed(action.group, action.problem)
      case 'give-up':
        this.#parts.log.error(action.message)
        return this.#parts.gaveUp()
      case 'halt':
        return this.#halt(action.cause)
      default:
        return assertNever(action)
    }
  }

  #halt(cause: 'stopped' | 'boot-failed'): void {
    this.#stopTicking()
    // Nothing will change any more, so callers that still wait are told now.
    this.#conditions.check()
    const { fatalBoot, gaveUp } = this.state
    const why = cause === 'stopped' ? gaveUp : fatalBoot
    this.#resolveHalted(why ? { error: new TunicornError(why.code, why.message) } : {})
  }
}

function isAboutWorker(action: Action): action is WorkerAction {
  return 'age' in action
}
