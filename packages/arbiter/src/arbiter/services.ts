/**
 * The names that a server has on its machine from the start of the arbiter to its end: the pidfile, and the service of a
 * service manager. A server without them serves all the same.
 */
import type { ArbiterPhase } from '../supervision/arbiter-phase.js'
import type { ArbiterObserver, ReloadOutcome } from '../supervision/observers.js'
import { Pidfile } from '../system/pidfile.js'
import type { ServiceManager } from '../system/service-manager.js'

export interface ServiceParts {
  /** The setting; empty: no pidfile. */
  readonly pidfile: string
  /** Absent: no service manager runs this server. */
  readonly serviceManager: ServiceManager | undefined
  /** The arbiter that this one replaces still has the names. */
  readonly hasPredecessor: boolean
}

export class Services implements ArbiterObserver {
  readonly #parts: ServiceParts
  #pidfile: Pidfile | undefined
  #isOver = false

  constructor(parts: ServiceParts) {
    this.#parts = parts
  }

  /** @throws TunicornError `PIDFILE_IN_USE`, `PIDFILE_FAILED` */
  open(): void {
    const { hasPredecessor, pidfile } = this.#parts
    if (pidfile === '') return
    this.#pidfile = hasPredecessor ? Pidfile.createWaiting(pidfile) : Pidfile.create(pidfile)
  }

  /** To be called when the predecessor is gone. */
  takeNames(): void {
    this.#pidfile?.take()
  }

  /** To be called when the workers serve for the first time. */
  ready(): void {
    this.#parts.serviceManager?.notify({ READY: '1', STATUS: 'Serving' })
    this.#parts.serviceManager?.startWatchdog()
  }

  phaseChanged(phase: ArbiterPhase): void {
    if (phase !== 'stopping' || this.#isOver) return
    this.#isOver = true
    this.#parts.serviceManager?.notify({ STOPPING: '1', STATUS: 'Stopping' })
  }

  reloadBegun(): void {
    const now = String(process.hrtime.bigint() / 1_000n)
    this.#parts.serviceManager?.notify({ RELOADING: '1', MONOTONIC_USEC: now })
  }

  reloadEnded(outcome: ReloadOutcome): void {
    if (!this.#isOver) this.#parts.serviceManager?.notify({ READY: '1', STATUS: statusAfter(outcome) })
  }

  /** To be called when another arbiter has taken over: that one is now the service. */
  handOver(pid: number | undefined): void {
    this.#isOver = true
    if (pid !== undefined) this.#pidfile?.handOver(pid)
    this.#parts.serviceManager?.notify({ MAINPID: String(pid) })
  }

  async close(): Promise<void> {
    this.#pidfile?.remove()
    await this.#parts.serviceManager?.close()
  }
}

/** `systemctl status` shows the status on one line. */
const maxStatus = 300

function statusAfter(outcome: ReloadOutcome): string {
  if (outcome.type === 'done') return 'Serving'
  const { error, isRolledBack } = outcome
  const why = error instanceof Error ? error.message : String(error)
  const status = `Serving; the last reload ${isRolledBack ? 'was rolled back' : 'failed'}: ${why}`
  return status.replaceAll(/\s+/g, ' ').slice(0, maxStatus)
}
