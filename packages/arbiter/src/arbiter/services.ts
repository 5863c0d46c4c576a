/**
 * What is open to the outside beside the workers, from the start of the arbiter to its end: the pidfile, the service
 * manager. Everything here may fail or be absent, and the server serves all the same, but for the pidfile.
 */
import type { ArbiterSettings } from '../config/settings.js'
import type { ArbiterPhase } from '../control/status.js'
import type { ArbiterLog } from '../logger.js'
import { Pidfile } from '../pidfile.js'
import { ServiceManager } from '../process/service-manager.js'
import type { ArbiterObserver } from './observers.js'

export class Services implements ArbiterObserver {
  readonly #settings: ArbiterSettings
  readonly #serviceManager: ServiceManager | undefined
  #pidfile: Pidfile | undefined
  #isOver = false

  /** Takes what is meant for the arbiter alone out of the environment: no worker speaks for the service. */
  constructor(settings: ArbiterSettings, log: ArbiterLog) {
    this.#settings = settings
    this.#serviceManager = ServiceManager.connect(process.env, log)
  }

  /**
   * `hasPredecessor`: the arbiter that this one replaces still has the names.
   *
   * @throws TunicornError `PIDFILE_IN_USE`, `PIDFILE_FAILED`
   */
  open(hasPredecessor: boolean): void {
    const { pidfile } = this.#settings
    if (pidfile !== '') this.#pidfile = Pidfile.create(hasPredecessor ? `${pidfile}.2` : pidfile)
  }

  /** The predecessor is gone. */
  takeNames(): void {
    this.#pidfile?.rename(this.#settings.pidfile)
  }

  /** The workers serve for the first time. */
  ready(): void {
    this.#serviceManager?.notify({ READY: '1', STATUS: 'Serving' })
    this.#serviceManager?.startWatchdog()
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
    this.#serviceManager?.notify({ MAINPID: String(pid) })
  }

  async close(): Promise<void> {
    this.#pidfile?.remove()
    await this.#serviceManager?.close()
  }
}
