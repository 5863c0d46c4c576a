/** A server whose parts all exist: it supervises its workers and carries out orders until no worker is left. */
import { createClock } from '../clock.js'
import type { ResolvedConfig } from '../config/settings.js'
import type { Controlled } from '../control/controlled.js'
import { processScheduler } from '../scheduler.js'
import { autoscaledWorkers } from '../supervision/autoscale-events.js'
import type { Generation } from '../supervision/launch.js'
import { applySuccessor } from '../supervision/order-events.js'
import { Supervisor } from '../supervision/supervisor.js'
import { CpuThrottle } from '../system/cpu-throttle.js'
import { OomCounter } from '../system/oom-counter.js'
import { residentBytes } from '../system/resident-bytes.js'
import type { ArbiterParts } from './arbiter-parts.js'
import { CertificateReload } from './certificate-reload.js'
import { Endpoints } from './endpoints.js'
import { ExpiryWatch } from './expiry-watch.js'
import type { Foundation } from './foundation.js'
import { LogRotation } from './log-rotation.js'
import { createObservation } from './observation.js'
import type { PhaseInput } from './phase.js'
import type { Predecessor } from './predecessor.js'
import { proveBeside } from './prove-beside.js'
import { notRunning, Reloads } from './reloads.js'
import type { StopMode } from './stop-request.js'
import { requireUpgradable } from './upgrade-obstacle.js'
import { Upgrades } from './upgrades.js'

export class RunningServer {
  /** Resolves when no worker is left after a stop. @throws TunicornError when no worker ever became ready; `RESTARTS_EXCEEDED` */
  readonly ended: Promise<void>
  readonly #parts: ArbiterParts
  readonly #foundation: Foundation
  readonly #first: Generation
  readonly #supervisor: Supervisor
  readonly #reloads: Reloads
  readonly #rotation: LogRotation
  readonly #endpoints: Endpoints
  readonly #upgrades = new Upgrades()
  readonly #expiry: ExpiryWatch
  readonly #certificates: CertificateReload
  /** The configuration of the serving generation. */
  #config: ResolvedConfig
  /** Absent: there was no predecessor, or it is gone. */
  #predecessor: Predecessor | undefined
  #isReady = false
  /** A successor has the sockets. */
  #isLeaving = false

  constructor(parts: ArbiterParts, foundation: Foundation, first: Generation) {
    const { log, hooks } = foundation
    const { observers, sockets, spawner } = parts
    this.#parts = parts
    this.#foundation = foundation
    this.#first = first
    this.#config = first.config
    this.#predecessor = foundation.predecessor
    const scheduler = processScheduler
    const clock = createClock(scheduler.now)
    const supervisor = new Supervisor({
      spawner,
      clock,
      scheduler,
      log,
      sockets,
      hooks,
      observers,
      env: process.env,
      oomCounter: new OomCounter(),
      cpuThrottle: new CpuThrottle(),
      random: Math.random,
      ownBytes: () => residentBytes() ?? 0,
      gaveUp: () => this.stop('graceful'),
    })
    this.#supervisor = supervisor
    this.#reloads = this.#createReloads()
    this.#rotation = new LogRotation({
      log,
      config: () => this.#config,
      reopenWorkerLogs: () => supervisor.reopenLogs(),
    })
    this.#endpoints = new Endpoints({
      settings: first.config.arbiter,
      log,
      observers,
      controlled: this.#controlled(clock.now),
      observation: createObservation(supervisor, sockets, () => this.#isReady),
      admin: foundation.admin,
      hasProcess: parts.hasProcess,
      predecessor: foundation.predecessor,
    })
    this.#expiry = new ExpiryWatch({
      log,
      now: Date.now,
      every: scheduler.every,
      certificates: () => supervisor.encryptedGroups().flatMap(({ current }) => current.certificates),
    })
    this.#certificates = new CertificateReload({
      log,
      every: scheduler.every,
      groups: () => supervisor.encryptedGroups(),
      isReloading: () => this.#reloads.isRunning,
      renew: (group, tls) => {
        supervisor.renewTls(group, tls)
        this.#expiry.look()
      },
    })
    this.ended = supervisor.halted.then(({ error }) => {
      if (error) throw error
    })
  }

  /** What determines the phase of the arbiter, apart from a stop. */
  get course(): Omit<PhaseInput, 'stopMode'> {
    return {
      isReady: this.#isReady,
      isUpgrading: this.#upgrades.hasSuccessor,
      isReloading: this.#reloads.isRunning,
      isParked: this.#supervisor.state.isParked,
    }
  }

  /** Boots the workers. Resolves when the server has started, and never if it ends before that. */
  async serve(): Promise<void> {
    const { isHeld, hooks, services } = this.#foundation
    const { stop, phase } = this.#parts
    this.#supervisor.begin(this.#first, { isHeld, inherited: this.#predecessor?.workers })
    this.#expiry.look()
    this.#certificates.start(this.#config.arbiter.certificateReload)
    const ready = this.#supervisor.whenReady()
    const opened = this.#endpoints.open()
    // The stop was requested after the last step of the boot.
    if (stop.mode) this.#stopWorkers(stop.mode, this.#config.arbiter.drainDelay)
    await Promise.all([ready, opened])
    // A server that was told to stop meanwhile neither announces that it serves nor takes over from a predecessor.
    if (stop.mode) return
    hooks.ready()
    this.#isReady = true
    phase.update()
    services.ready()
    if (this.#predecessor) void this.#prove(this.#predecessor)
    else this.#endpoints.ready()
  }

  /** @throws TunicornError `RELOAD_FAILED` or the error of the configuration: the old generation then keeps serving */
  async reload(): Promise<void> {
    // Immediately, and not when its turn comes: the latest order counts.
    this.#supervisor.park(false)
    await this.#reloads.request()
  }

  /** @throws TunicornError `UPGRADE_REFUSED`, `UPGRADE_FAILED`: the server then continues as if nothing had happened */
  async upgrade(): Promise<void> {
    const { generations, phase, self, sockets, stop } = this.#parts
    const { state } = this.#supervisor
    requireUpgradable(this.#upgrades.hasSuccessor || !!this.#predecessor || !!stop.mode)
    const handover = {
      sockets: [...sockets.all(), ...this.#endpoints.sockets],
      activation: generations.activation,
      workers: autoscaledWorkers(state),
      past: this.#endpoints.past,
    }
    const upgrade = this.#upgrades.start({
      self,
      handover,
      config: this.#config,
      log: this.#foundation.log,
      handOver: pid => this.#leaveTo(pid),
    })
    applySuccessor(state, true)
    phase.update()
    await upgrade.finally(() => {
      applySuccessor(state, false)
      phase.update()
    })
  }

  /** @throws TunicornError `GROUP_UNKNOWN` */
  scale(by: number, group?: string): void {
    this.#supervisor.scale({ type: 'by', workers: by, group })
  }

  /** Drains all workers until the next reload. */
  park(): void {
    this.#foundation.log.info('Draining all workers; the sockets are kept, HUP boots workers again')
    this.#supervisor.park(true)
    this.#parts.phase.update()
  }

  /** To be called when log files were moved away. */
  reopenLogs(): void {
    this.#rotation.begin()
  }

  stop(mode: StopMode, delaySeconds: number = this.#config.arbiter.drainDelay): void {
    const hardest = this.#parts.stop.ask(mode)
    this.#parts.phase.update()
    // A stop takes precedence over an upgrade that is under way.
    if (!this.#isLeaving) this.#upgrades.giveUp(hardest, this.#config)
    this.#stopWorkers(hardest, delaySeconds)
  }

  /** To be called when no worker is left. */
  async close(exitCode: number): Promise<void> {
    const { hooks, log } = this.#foundation
    log.info('Shutting down: Master (arbiter)')
    this.#expiry.close()
    this.#certificates.close()
    await hooks.exit(exitCode)
    await this.#upgrades.close()
    await this.#endpoints.close()
  }

  /** To be called when a new arbiter serves. The sockets then belong to it. */
  #leaveTo(successor: number | undefined): void {
    const { phase, sockets, stop } = this.#parts
    this.#endpoints.handOver()
    this.#foundation.services.handOver(successor)
    sockets.abandon()
    this.#isLeaving = true
    stop.ask('graceful')
    phase.update()
    const reason = { kind: 'upgrade', text: 'a new arbiter has taken over' } as const
    this.#supervisor.stop({ mode: 'graceful', reason }, 0)
  }

  #stopWorkers(mode: StopMode, delaySeconds: number): void {
    const delayMs = mode === 'graceful' ? delaySeconds * 1_000 : 0
    this.#supervisor.stop({ mode, reason: { kind: 'stop', text: 'the server stops' } }, delayMs)
  }

  /** Serves beside the predecessor for a while, then takes its place or lets it continue. */
  async #prove(predecessor: Predecessor): Promise<void> {
    const trial = { ...this.#foundation, predecessor, first: this.#first, supervisor: this.#supervisor }
    // No load balancer has to notice, because the predecessor accepts from the same sockets.
    if (!(await proveBeside(trial))) return this.stop('graceful', 0)
    this.#endpoints.ready()
    this.#succeed(predecessor)
  }

  /** This arbiter has the server. It takes the names once the predecessor is gone. */
  #succeed(predecessor: Predecessor): void {
    const { generations, sockets } = this.#parts
    const { log, services } = this.#foundation
    const keys = [...this.#first.groups.values()].flatMap(group => group.sockets.map(({ key }) => key))
    predecessor.tell({ type: 'serving' })
    void predecessor.gone.then(() => {
      this.#predecessor = undefined
      sockets.ownPaths()
      // A reload in the meantime has already closed the sockets that it did not need.
      if (generations.newest === 0) sockets.retain(new Set(keys))
      services.takeNames()
      void this.#endpoints.takeNames()
      log.info('Master has been promoted')
    })
  }

  #createReloads(): Reloads {
    const { generations, observers, stop } = this.#parts
    const { hooks, log } = this.#foundation
    return new Reloads({
      log,
      hooks,
      observers,
      mayBegin: async () => {
        // An upgrade takes precedence over a reload, and does what the reload would do.
        await this.#upgrades.settled()
        if (stop.mode) throw notRunning()
      },
      prepare: async () => {
        const config = await generations.load()
        for (const warning of config.warnings) log.warn(warning)
        return generations.prepare(config)
      },
      rollout: async generation => {
        await this.#supervisor.rollout(generation)
        this.#config = generation.config
        this.#expiry.look()
        this.#certificates.start(generation.config.arbiter.certificateReload)
        await this.#endpoints.reload(generation.config.arbiter)
      },
      runningHooks: () => this.#config.hooks,
    })
  }

  #controlled(now: () => number): Controlled {
    const supervisor = this.#supervisor
    return {
      state: supervisor.state,
      now,
      phase: () => this.#parts.phase.phase,
      launchOf: name => supervisor.launchOf(name),
      reload: () => this.reload(),
      stop: mode => this.stop(mode),
      scale: order => supervisor.scale(order),
      whenScaled: (groups, signal) => supervisor.whenScaled(groups, signal),
      examine: (row, order, signal) => supervisor.examine(row, order, signal),
      identityOf: row => supervisor.identityOf(row),
    }
  }
}
