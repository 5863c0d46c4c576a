/** The public face of the arbiter, for the command and for code. */
import type { AddressInfo } from 'node:net'
import type { Config } from '../config/settings.js'
import { type ConfigSource, configSourceFrom } from '../config/source.js'
import { TunicornError } from '../errors.js'
import { exitCodeFor, exitCodes } from '../exit-codes.js'
import { createSpawner } from '../process/create-spawner.js'
import type { Spawner } from '../process/spawner.js'
import { SocketStore } from '../sockets/socket-store.js'
import { Observers } from '../supervision/observers.js'
import { describeSelf } from '../system/self.js'
import type { ArbiterParts } from './arbiter-parts.js'
import { bootServer, layFoundation } from './boot.js'
import type { Foundation } from './foundation.js'
import { Generations } from './generations.js'
import { PhaseTracker } from './phase-tracker.js'
import { notRunning } from './reloads.js'
import type { RunningServer } from './running-server.js'
import { installSignals, type SignalHandling, type SignalOrders } from './signals.js'
import { type StopMode, StopRequest } from './stop-request.js'

export interface ArbiterOptions {
  /**
   * The process exists for the arbiter: handle its signals until it has ended, set the title of the process, and open a
   * control socket unless the setting `control` says otherwise. `'alone'`: also remove, permanently, the listeners that other
   * code has for these signals or adds later.
   *
   * @default false
   */
  readonly signals?: boolean | 'alone'
  /** How workers are started. @default processes */
  readonly spawner?: Spawner
}

/** Supervises the workers of one configuration. */
export class Arbiter {
  /** Resolves with the exit code once everything has ended. */
  readonly finished: Promise<number>
  readonly #parts: ArbiterParts
  readonly #isAlone: boolean
  #foundation: Foundation | undefined
  #server: RunningServer | undefined
  #hasBegun = false
  #signals: SignalHandling | undefined
  #resolveFinished: (code: number) => void = () => {}

  /** `source`: a configuration, or where to read one from at the start and again on every reload. */
  constructor(source: Config | ConfigSource, options: ArbiterOptions = {}) {
    // JavaScript callers have no compiler to tell them.
    if (typeof source !== 'object' || source === null)
      throw new TypeError('An Arbiter needs a configuration, or a source of one, as its first argument')
    const from = isConfigSource(source) ? source : configSourceFrom(source)
    this.#isAlone = options.signals === 'alone'
    const sockets = new SocketStore()
    const observers = new Observers()
    const stop = new StopRequest()
    const phase = new PhaseTracker(observers, () => ({
      stopMode: stop.mode,
      ...(this.#server?.course ?? notBegun),
    }))
    observers.add({ reloadBegun: () => phase.update(), reloadEnded: () => phase.update() })
    this.#parts = {
      self: describeSelf(),
      spawner: options.spawner ?? createSpawner(),
      hasProcess: options.signals === true || options.signals === 'alone',
      sockets,
      generations: new Generations(from, sockets),
      observers,
      stop,
      phase,
    }
    this.finished = new Promise(resolve => {
      this.#resolveFinished = resolve
    })
  }

  /** The real addresses, by group, in the order of the configuration. */
  get addresses(): readonly (AddressInfo | string)[] {
    return this.#parts.sockets.all().map(({ address }) => address)
  }

  /**
   * Reads the configuration, binds, and boots workers. Resolves when every group serves and no worker is still booting, or
   * when the arbiter is stopped before that. Can be called once: starting again needs another arbiter.
   *
   * @throws TunicornError `CONFIG_INVALID`, `BIND_FAILED`, `PIDFILE_IN_USE`, `BOOT_FAILED`, `BOOT_TIMEOUT`, `APP_LOAD_FAILED`, …;
   * nothing is then left bound or running. `ARBITER_USED`: it was started, checked or stopped before, and continues unchanged
   */
  async start(): Promise<void> {
    this.#begin()
    if (this.#parts.hasProcess) this.#installSignals()
    await this.#run(false)
  }

  /**
   * Boots one worker of each group to standby, without serving, and closes it. The addresses are bound meanwhile. One that is
   * in use, for example by the server that is to be reloaded, causes a warning in the log.
   *
   * @throws TunicornError what is wrong with the configuration or the app; `ARBITER_USED`
   */
  async check(): Promise<void> {
    this.#begin()
    await this.#run(true)
    await this.stop('quick')
  }

  /**
   * Reads the configuration again and replaces every worker. A reload requested while another one runs starts after it.
   *
   * @throws TunicornError `RELOAD_FAILED`, `RELOAD_ROLLED_BACK` or the error of the configuration: the old generation
   * then keeps serving
   */
  async reload(): Promise<void> {
    if (!this.#server) throw notRunning()
    await this.#server.reload()
  }

  /**
   * Starts a new arbiter from the code on disk, over the same sockets. Once it serves, this one drains and ends.
   *
   * @throws TunicornError `UPGRADE_REFUSED`, `UPGRADE_FAILED`: this arbiter then continues as if nothing had happened
   */
  async upgrade(): Promise<void> {
    if (!this.#server)
      throw new TunicornError('UPGRADE_REFUSED', 'Upgrade refused: the server is not running')
    await this.#server.upgrade()
  }

  /**
   * Adds `by` workers to one group, or to each. A negative number removes workers, but never the last. Kept across reloads.
   *
   * @throws TunicornError `GROUP_UNKNOWN`
   */
  scale(by: number, group?: string): void {
    this.#server?.scale(by, group)
  }

  /** Ends every worker. Resolves with the exit code when nothing is left. Before a start it resolves at once and refuses a later one. */
  stop(mode: StopMode = 'graceful'): Promise<number> {
    if (!this.#hasBegun) {
      this.#hasBegun = true
      this.#resolveFinished(exitCodes.ok)
    }
    if (this.#server) this.#server.stop(mode)
    else {
      this.#parts.stop.ask(mode)
      this.#parts.phase.update()
    }
    return this.finished
  }

  #begin(): void {
    if (this.#hasBegun)
      throw new TunicornError('ARBITER_USED', 'This arbiter was started or stopped before: make another one')
    this.#hasBegun = true
  }

  async #run(isHeld: boolean): Promise<void> {
    try {
      const server = await this.#boot(isHeld)
      if (!server) return await this.#end(exitCodes.ok)
      const ended = server.ended.then(() => this.#end(exitCodes.ok))
      await Promise.race([server.serve(), ended])
      // The start is over: from now on only `finished` reports an error.
      void ended.catch(error => this.#end(exitCodeFor(error)))
    } catch (error) {
      this.#noteFailure(error)
      await this.#end(exitCodeFor(error))
      throw error
    }
  }

  /** Puts the error into the log file too. Without a file, the command already writes it where the log goes. */
  #noteFailure(error: unknown): void {
    if (!this.#foundation || this.#foundation.config.arbiter.errorLog === '-') return
    const message = error instanceof Error ? error.message : String(error)
    const code = error instanceof TunicornError ? { code: error.code } : {}
    const errno = error instanceof Error && 'errno' in error ? { errno: error.errno } : {}
    this.#foundation.log.error(message, { ...code, ...errno })
  }

  async #boot(isHeld: boolean): Promise<RunningServer | undefined> {
    this.#foundation = await layFoundation(this.#parts, isHeld)
    this.#server = this.#foundation && (await bootServer(this.#parts, this.#foundation))
    return this.#server
  }

  #installSignals(): void {
    const orders: SignalOrders = {
      stop: mode => void this.stop(mode),
      reload: () => void this.reload().catch(() => {}),
      upgrade: () => void this.upgrade().catch((error: Error) => this.#foundation?.log.error(error.message)),
      park: () => this.#park(),
      scale: by => this.scale(by),
      reopenLogs: () => (this.#server ? this.#server.reopenLogs() : this.#foundation?.log.reopen()),
      log: signal => this.#foundation?.log.info(`Handling signal: ${signal}`),
      foreign: signal =>
        this.#foundation?.log.warn(
          `A module that is preloaded, or the config file, listens to ${signal} in the arbiter and was not called: it might end the arbiter before its workers. Preload into workers alone with \`nodeOptions\``,
        ),
    }
    this.#signals = installSignals(orders, this.#isAlone)
  }

  /** Resizing a terminal window sends WINCH too, and must not drain a server that runs in it. */
  #park(): void {
    if (process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY) return
    if (this.#server?.course.isReady) this.#server.park()
    else this.#foundation?.log.info('Not parked: the server is still starting')
  }

  /** Closes everything that is open, also after a start that failed or was stopped. */
  async #end(exitCode: number): Promise<void> {
    try {
      this.#parts.sockets.closeAll()
      this.#signals?.silence()
      await this.#server?.close(exitCode)
      await this.#foundation?.close()
    } finally {
      this.#signals?.remove()
      this.#resolveFinished(exitCode)
    }
  }
}

/** The course of a server that does not exist yet. */
const notBegun = { isReady: false, isUpgrading: false, isReloading: false, isParked: false }

function isConfigSource(source: Config | ConfigSource): source is ConfigSource {
  return 'load' in source && typeof source.load === 'function'
}
