/**
 * What is open to the outside beside the workers, from the start of the arbiter to its end: the pidfile, the service
 * manager, the control socket, the address that answers probes. Everything here may fail or be absent, and the server serves
 * all the same, but for the pidfile and that address.
 */
import { setTimeout as delay } from 'node:timers/promises'
import type { ArbiterSettings } from '../config/settings.js'
import { Control, type Controlled } from '../control/control.js'
import type { ArbiterPhase } from '../control/status.js'
import type { ArbiterLog } from '../logger.js'
import { Pidfile } from '../pidfile.js'
import { Admin } from '../probes/admin.js'
import { ServiceManager } from '../process/service-manager.js'
import type { BoundSocket } from '../sockets/bind.js'
import type { Observation } from './observation.js'
import type { ArbiterObserver, Observers } from './observers.js'

/**
 * For so long at most nothing is loaded that the first workers do not need: on a machine with few cores it would keep
 * them from their boot. What is logged meanwhile is written after it.
 */
const headStartMs = 150

export interface ServiceParts {
  readonly settings: ArbiterSettings
  readonly log: ArbiterLog
  readonly observers: Observers
  /** The process is there for the arbiter, and not the other way round. */
  readonly hasProcess: boolean
  /** The arbiter that this one replaces still has the names. */
  readonly hasPredecessor: boolean
  /** Bound by the arbiter that this one replaces. */
  readonly adminSocket: BoundSocket | undefined
}

export class Services implements ArbiterObserver {
  readonly #parts: ServiceParts
  readonly #serviceManager: ServiceManager | undefined
  #pidfile: Pidfile | undefined
  #control: Control | undefined
  readonly #admin: Admin
  #observation: Observation | undefined
  #isOver = false

  /** Takes what is meant for the arbiter alone out of the environment: no worker speaks for the service. */
  constructor(parts: ServiceParts) {
    this.#parts = parts
    this.#admin = new Admin(parts.log, parts.adminSocket)
    this.#serviceManager = ServiceManager.connect(process.env, parts.log)
  }

  /** @throws TunicornError `PIDFILE_IN_USE`, `PIDFILE_FAILED` */
  open(): void {
    const { hasPredecessor, observers, settings } = this.#parts
    observers.add(this)
    const { pidfile } = settings
    if (pidfile !== '') this.#pidfile = Pidfile.create(hasPredecessor ? `${pidfile}.2` : pidfile)
  }

  /** Before the first worker: the status is to know all of them. */
  watch(controlled: Controlled, observation: Observation): void {
    this.#observation = observation
    const { hasProcess, log, observers, settings } = this.#parts
    observers.add(observation.metrics)
    const isWanted = settings.control === 'auto' ? hasProcess : settings.control !== 'off'
    if (isWanted) this.#control = new Control({ controlled, observers, log, routes: observation.routes })
  }

  /** Binds the address of `admin`. @throws TunicornError `BIND_FAILED` */
  async bind(): Promise<void> {
    await this.#admin.bind(this.#parts.settings.admin)
  }

  /** What a successor takes over beside those that workers accept from. */
  get sockets(): readonly BoundSocket[] {
    return this.#admin.socket ? [this.#admin.socket] : []
  }

  /** The settings that a reload has brought. */
  async reload({ admin }: ArbiterSettings): Promise<void> {
    await this.#admin.reload(admin)
  }

  /** Loads what writes the log, and opens the control socket: once `started`, when the first workers serve or have ended. */
  async openLater(started: Promise<unknown>): Promise<void> {
    const { hasPredecessor, log } = this.#parts
    // Beside a predecessor nobody waits for the first response, and the log tells of it at once.
    await Promise.race([started, delay(hasPredecessor ? 0 : headStartMs, undefined, { ref: false })])
    await log.open()
    await this.#openControl()
  }

  /** The predecessor is gone. */
  async takeNames(): Promise<void> {
    const { pidfile, control } = this.#parts.settings
    this.#pidfile?.rename(pidfile)
    if (control !== 'auto') await this.#control?.open(control)
  }

  /** The workers serve for the first time. */
  ready(): void {
    this.#serviceManager?.notify({ READY: '1', STATUS: 'Serving' })
    this.#serviceManager?.startWatchdog()
    void this.#serveAdmin()
    // In the first scrape it would hold up the loop.
    if (this.#admin.socket) void this.#observation?.metrics.preload()
  }

  phaseChanged(phase: ArbiterPhase): void {
    if (phase !== 'stopping' || this.#isOver) return
    this.#isOver = true
    this.#serviceManager?.notify({ STOPPING: '1', STATUS: 'Stopping' })
  }

  reloadBegun(): void {
    const now = String(process.hrtime.bigint() / 1_000n)
    this.#serviceManager?.notify({ RELOADING: '1', MONOTONIC_USEC: now })
  }

  reloadEnded(): void {
    if (!this.#isOver) this.#serviceManager?.notify({ READY: '1', STATUS: 'Serving' })
  }

  /** Another arbiter has taken over: it is the service now. */
  handOver(pid: number | undefined): void {
    this.#isOver = true
    void this.#admin.close()
    this.#serviceManager?.notify({ MAINPID: String(pid) })
  }

  async close(): Promise<void> {
    await this.#control?.close()
    await this.#admin.close()
    this.#pidfile?.remove()
    await this.#serviceManager?.close()
  }

  async #openControl(): Promise<void> {
    const { hasPredecessor, settings } = this.#parts
    if (settings.control === 'auto') await this.#control?.open(undefined)
    else if (!hasPredecessor) await this.#control?.open(settings.control)
    // Until this arbiter serves, the one before it answers.
    if (!hasPredecessor) await this.#serveAdmin()
  }

  async #serveAdmin(): Promise<void> {
    if (this.#observation) await this.#admin.serve(this.#observation.routes)
  }
}
