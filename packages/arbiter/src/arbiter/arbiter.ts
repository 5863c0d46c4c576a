/** The arbiter as people use it: from the command and from code. */
import type { AddressInfo } from 'node:net'
import { createClock } from '../clock.js'
import type { Config, ResolvedConfig } from '../config/settings.js'
import { type ConfigSource, configSourceFrom } from '../config/source.js'
import type { ArbiterPhase } from '../control/status.js'
import { TunicornError } from '../errors.js'
import { exitCodeFor, exitCodes } from '../exit-codes.js'
import { type ArbiterLog, createLog } from '../logger.js'
import { createSpawner } from '../process/create-spawner.js'
import { OomCounter } from '../process/oom-counter.js'
import { describeSelf, type SelfCommand } from '../process/self.js'
import type { Spawner } from '../process/spawner.js'
import { requireHandles } from '../sockets/handle.js'
import { SocketStore } from '../sockets/socket-store.js'
import { takeActivation } from '../sockets/systemd.js'
import { readVersion } from '../version.js'
import { announce } from './announce.js'
import { Generations } from './generations.js'
import { ArbiterHookRunner } from './hook-runner.js'
import type { Generation } from './launch.js'
import { LogRotation } from './log-rotation.js'
import { createObservation } from './observation.js'
import { Observers } from './observers.js'
import { phaseOf } from './phase.js'
import { Predecessor } from './predecessor.js'
import { notRunning, Reloads } from './reloads.js'
import { Services } from './services.js'
import { installSignals } from './signals.js'
import { type StopMode, StopRequest } from './stop-request.js'
import { Supervisor } from './supervisor.js'
import { Upgrades } from './upgrades.js'

export interface ArbiterOptions {
  /**
   * The process is there for the arbiter: install handlers for the signals that it knows, for the rest of the life of the
   * process, set its title, and open a control socket unless the setting `control` says otherwise.
   *
   * @default false
   */
  readonly signals?: boolean
  /** How workers are started. @default processes */
  readonly spawner?: Spawner
}

/** Supervises the workers of one configuration. */
export class Arbiter {
  /** Resolves with the exit code once everything has ended. */
  readonly finished: Promise<number>
  readonly #generations: Generations
  readonly #options: ArbiterOptions
  readonly #sockets = new SocketStore()
  readonly #observers = new Observers()
  #log: ArbiterLog | undefined
  #supervisor: Supervisor | undefined
  #config: ResolvedConfig | undefined
  readonly #self: SelfCommand = describeSelf()
  #hooks: ArbiterHookRunner | undefined
  #services: Services | undefined
  #predecessor: Predecessor | undefined
  readonly #upgrades = new Upgrades()
  #hasBegun = false
  #isReady = false
  /** A successor has the sockets. */
  #isLeaving = false
  #removeSignals: () => void = () => {}
  #rotation: LogRotation | undefined
  #reloads: Reloads | undefined
  readonly #stop = new StopRequest()
  #phase: ArbiterPhase = 'starting'
  #resolveFinished: (code: number) => void = () => {}

  /** `source`: a configuration, or where to read one from, again on every reload. */
  constructor(source: Config | ConfigSource, options: ArbiterOptions = {}) {
    // Also for those who are not told by a compiler.
    if (typeof source !== 'object' || source === null)
      throw new TypeError('An Arbiter needs a configuration, or a source of one, as its first argument')
    const from = isConfigSource(source) ? source : configSourceFrom(source)
    this.#generations = new Generations(from, this.#sockets)
    this.#options = options
    this.#observers.add({ reloadBegun: () => this.#notePhase(), reloadEnded: () => this.#notePhase() })
    this.finished = new Promise(resolve => {
      this.#resolveFinished = resolve
    })
  }

  /** The real addresses, group by group in the order of the configuration. */
  get addresses(): readonly (AddressInfo | string)[] {
    return this.#sockets.all().map(({ address }) => address)
  }

  /**
   * Reads the configuration, binds, and boots workers. Resolves when every group serves and no worker is still booting, or
   * when the arbiter was stopped before. Once: to start again takes another arbiter.
   *
   * @throws TunicornError `CONFIG_INVALID`, `BIND_FAILED`, `PIDFILE_IN_USE`, `BOOT_FAILED`, `BOOT_TIMEOUT`, `APP_LOAD_FAILED`, …;
   * nothing is left bound or running then. `ARBITER_USED`: it was started, checked or stopped before, and goes on as it was
   */
  async start(): Promise<void> {
    this.#begin()
    if (this.#options.signals) this.#installSignals()
    try {
      await this.#boot(false)
    } catch (error) {
      await this.#release(exitCodeFor(error))
      throw error
    }
  }

  /**
   * Boots one worker of each group to standby, without serving, and closes it. The addresses are bound meanwhile; one that is
   * in use, for example by the server that is to be reloaded, is a warning in the log.
   *
   * @throws TunicornError what is wrong with the configuration or the app; `ARBITER_USED`
   */
  async check(): Promise<void> {
    this.#begin()
    try {
      await this.#boot(true)
    } catch (error) {
      await this.#release(exitCodeFor(error))
      throw error
    }
    await this.stop('quick')
  }

  /**
   * Reads the configuration again and replaces every worker. A reload that is asked for while one runs follows it.
   *
   * @throws TunicornError `RELOAD_FAILED`, `RELOAD_ROLLED_BACK` or the error of the configuration: the old generation
   * then goes on
   */
  async reload(): Promise<void> {
    if (!this.#reloads) throw notRunning()
    // Now, and not when its turn comes: what is asked for last counts.
    this.#supervisor?.park(false)
    await this.#reloads.request()
  }

  /**
   * Starts a new arbiter from the code on disk, over the same sockets. Once it serves, this one drains and ends.
   *
   * @throws TunicornError `UPGRADE_REFUSED`, `UPGRADE_FAILED`: this arbiter then goes on as if nothing had happened
   */
  async upgrade(): Promise<void> {
    if (this.#upgrades.hasSuccessor || this.#predecessor || this.#stop.mode || !this.#config || !this.#log)
      throw new TunicornError(
        'UPGRADE_REFUSED',
        'Upgrade refused: another one is under way, or the server is stopping',
      )
    const sockets = [...this.#sockets.all(), ...(this.#services?.sockets ?? [])]
    const estate = { sockets, activation: this.#generations.activation }
    const upgrade = this.#upgrades.start({ self: this.#self, estate, config: this.#config, log: this.#log })
    this.#notePhase()
    const pid = await upgrade.finally(() => this.#notePhase())
    this.#services?.handOver(pid)
    this.#sockets.abandon()
    this.#isLeaving = true
    this.#stop.ask('graceful')
    this.#notePhase()
    this.#supervisor?.stop(
      { mode: 'graceful', reason: { kind: 'upgrade', text: 'a new arbiter has taken over' } },
      0,
    )
  }

  /**
   * Adds `by` workers to one group, or to each; removes them if it is negative, but never the last. Kept across reloads.
   *
   * @throws TunicornError `GROUP_UNKNOWN`
   */
  scale(by: number, group?: string): void {
    this.#supervisor?.scale({ type: 'by', workers: by, group })
  }

  /** Ends every worker. Resolves with the exit code when nothing is left; at once before a start, which then is refused. */
  stop(mode: StopMode = 'graceful'): Promise<number> {
    if (!this.#hasBegun) {
      this.#hasBegun = true
      this.#resolveFinished(exitCodes.ok)
    }
    const hardest = this.#stop.ask(mode)
    this.#notePhase()
    // A stop comes before an upgrade that is under way.
    if (!this.#isLeaving) this.#upgrades.cancel()
    this.#stopWorkers(hardest)
    return this.finished
  }

  #stopWorkers(mode: StopMode): void {
    const delayMs = mode === 'graceful' ? (this.#config?.arbiter.drainDelay ?? 0) * 1_000 : 0
    this.#supervisor?.stop({ mode, reason: { kind: 'stop', text: 'the server stops' } }, delayMs)
  }

  #begin(): void {
    if (this.#hasBegun)
      throw new TunicornError('ARBITER_USED', 'This arbiter was started or stopped before: make another one')
    this.#hasBegun = true
  }

  async #boot(isHeld: boolean): Promise<void> {
    requireHandles()
    const activation = takeActivation(process.env)
    this.#predecessor = isHeld ? undefined : Predecessor.find(process.env, this.#sockets)
    this.#generations.activate(this.#predecessor?.activation ?? activation)
    const loading = this.#generations.load()
    if (await this.#stop.isBefore(loading)) return this.#release(exitCodes.ok)
    const config = await loading
    this.#config = config
    const { arbiter } = config
    if (this.#options.signals) process.title = `${arbiter.procName}: arbiter`
    if (arbiter.umask >= 0) process.umask(arbiter.umask)
    const log = createLog({
      level: arbiter.logLevel,
      format: arbiter.logFormat,
      // The file is that of the server beside which this is checked.
      file: isHeld ? '-' : arbiter.errorLog,
    })
    this.#log = log
    this.#rotation = new LogRotation({
      log,
      config: () => this.#config ?? config,
      reopenWorkerLogs: () => this.#supervisor?.reopenLogs(),
    })
    this.#observers.logTo(log)
    const services = new Services({
      settings: arbiter,
      log,
      observers: this.#observers,
      hasProcess: this.#options.signals === true,
      hasPredecessor: this.#predecessor !== undefined,
      adminSocket: this.#predecessor?.adminSocket,
    })
    this.#services = isHeld ? undefined : services
    const version = readVersion()
    const hooks = new ArbiterHookRunner(isHeld ? {} : config.hooks, log, () => ({
      pid: process.pid,
      version,
      generation: this.#generations.newest,
    }))
    this.#hooks = hooks
    if (await this.#stop.isBefore(hooks.starting())) return this.#release(exitCodes.ok)
    this.#services?.open()
    const generation = await this.#generations.prepare(config, isHeld ? log : undefined)
    await this.#services?.bind()
    if (this.#stop.mode) return this.#release(exitCodes.ok)
    if (!isHeld) announce(generation, log)
    for (const warning of config.warnings) log.warn(warning)
    await this.#supervise(generation, log, hooks, isHeld)
  }

  async #supervise(
    generation: Generation,
    log: ArbiterLog,
    hooks: ArbiterHookRunner,
    isHeld: boolean,
  ): Promise<void> {
    const clock = createClock()
    const supervisor = new Supervisor({
      spawner: this.#options.spawner ?? createSpawner(),
      clock,
      log,
      sockets: this.#sockets,
      hooks,
      observers: this.#observers,
      oomCounter: new OomCounter(),
      random: Math.random,
    })
    this.#supervisor = supervisor
    this.#reloads = this.#createReloads(supervisor, log, hooks)
    const observation = createObservation(supervisor, this.#sockets, () => this.#isReady)
    this.#services?.watch(
      {
        state: supervisor.state,
        now: clock.now,
        phase: () => this.#phase,
        launchOf: name => supervisor.launchOf(name),
        reload: () => this.reload(),
        stop: mode => void this.stop(mode),
        scale: order => supervisor.scale(order),
        whenScaled: (groups, signal) => supervisor.whenScaled(groups, signal),
      },
      observation,
    )
    supervisor.begin(generation, isHeld)
    const ready = supervisor.whenReady()
    const opened = this.#services?.openLater(Promise.race([ready, supervisor.halted])) ?? log.open()
    if (this.#stop.mode) this.#stopWorkers(this.#stop.mode)
    const halted = supervisor.halted.then(async ({ error }) => {
      if (!error) return this.#release(exitCodes.ok)
      throw error
    })
    const hasStarted = await Promise.race([ready.then(() => true), halted.then(() => false)])
    halted.catch(() => {})
    await opened
    // Whoever is told to stop meanwhile does not say that it serves, and takes over from nobody.
    if (!hasStarted || this.#stop.mode) return
    hooks.ready()
    this.#isReady = true
    this.#notePhase()
    this.#services?.ready()
    if (this.#predecessor) this.#succeed(this.#predecessor, generation, log)
  }

  /** This arbiter serves beside the one it replaces; once that is gone it takes its name. */
  #succeed(predecessor: Predecessor, { groups }: Generation, log: ArbiterLog): void {
    const keys = [...groups.values()].flatMap(({ sockets }) => sockets.map(({ key }) => key))
    predecessor.tellServing()
    void predecessor.gone.then(() => {
      this.#predecessor = undefined
      this.#sockets.ownPaths()
      // A reload in the meantime has already closed what it did not want.
      if (this.#generations.newest === 0) this.#sockets.retain(new Set(keys))
      void this.#services?.takeNames()
      log.info('Master has been promoted')
    })
  }

  #createReloads(supervisor: Supervisor, log: ArbiterLog, hooks: ArbiterHookRunner): Reloads {
    return new Reloads({
      log,
      hooks,
      observers: this.#observers,
      mayBegin: async () => {
        // An upgrade comes before a reload, and does what the reload would do.
        await this.#upgrades.settled()
        if (this.#stop.mode) throw notRunning()
      },
      prepare: async () => {
        const config = await this.#generations.load()
        for (const warning of config.warnings) log.warn(warning)
        return this.#generations.prepare(config)
      },
      rollout: async generation => {
        await supervisor.rollout(generation)
        this.#config = generation.config
        await this.#services?.reload(generation.config.arbiter)
      },
      runningHooks: () => this.#config?.hooks ?? {},
    })
  }

  #notePhase(): void {
    const phase = phaseOf({
      stopMode: this.#stop.mode,
      isReady: this.#isReady,
      isUpgrading: this.#upgrades.hasSuccessor,
      isReloading: this.#reloads?.isRunning === true,
      isParked: this.#supervisor?.state.isParked === true,
    })
    if (phase === this.#phase) return
    this.#phase = phase
    this.#observers.phaseChanged(phase)
  }

  #installSignals(): void {
    this.#removeSignals = installSignals({
      stop: mode => void this.stop(mode),
      reload: () => void this.reload().catch(() => {}),
      upgrade: () => void this.upgrade().catch((error: Error) => this.#log?.error(error.message)),
      park: () => this.#park(),
      scale: by => this.scale(by),
      reopenLogs: () => this.#rotation?.begin(),
      log: signal => this.#log?.info(`Handling signal: ${signal}`),
    })
  }

  /** A window that changes its size must not empty a server that somebody watches. */
  #park(): void {
    if (process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY) return
    if (!this.#isReady) return this.#log?.info('Not parked: the server is still starting')
    this.#log?.info('Draining all workers; the sockets are kept, HUP boots workers again')
    this.#supervisor?.park(true)
    this.#notePhase()
  }

  async #release(code: number): Promise<void> {
    try {
      this.#sockets.closeAll()
      this.#removeSignals()
      if (this.#supervisor) this.#log?.info('Shutting down: Master')
      if (this.#supervisor) await this.#hooks?.exit(code)
      await this.#services?.close()
      await this.#log?.close()
    } finally {
      this.#resolveFinished(code)
    }
  }
}

function isConfigSource(source: Config | ConfigSource): source is ConfigSource {
  return 'load' in source && typeof source.load === 'function'
}
