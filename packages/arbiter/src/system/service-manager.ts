/**
 * Reports the state of the service to systemd, if it asks for that (`NOTIFY_SOCKET`). Node has no datagram sockets for
 * Unix paths, so `systemd-notify` sends each message. The unit needs `NotifyAccess=all`.
 */
import { execFile } from 'node:child_process'
import type { Logger } from '../contract/logger.js'

/** Messages by their name, for example `{ READY: '1' }`. See sd_notify(3). */
export type Notification = Readonly<Record<string, string>>

const sendMs = 5_000
/** A service manager that does not answer must not fill the memory. */
const maxQueue = 32

export class ServiceManager {
  readonly #env: NodeJS.ProcessEnv
  readonly #log: Logger
  readonly #watchdogMs: number
  #queue: Promise<void> = Promise.resolve()
  #queued = 0
  #hasWarned = false
  #timer: NodeJS.Timeout | undefined

  private constructor(socket: string, watchdogMs: number, log: Logger) {
    this.#env = { PATH: process.env.PATH, NOTIFY_SOCKET: socket }
    this.#watchdogMs = watchdogMs
    this.#log = log
  }

  /** Removes the variables from `env`, so that no worker speaks for the service. */
  static connect(env: NodeJS.ProcessEnv, log: Logger): ServiceManager | undefined {
    const { NOTIFY_SOCKET: socket, WATCHDOG_USEC: usec, WATCHDOG_PID: pid } = env
    for (const name of ['NOTIFY_SOCKET', 'WATCHDOG_USEC', 'WATCHDOG_PID']) delete env[name]
    if (socket === undefined || socket === '') return undefined
    const isWatched = usec !== undefined && (pid === undefined || Number(pid) === process.pid)
    const watchdogMs = isWatched ? Number(usec) / 1_000 : 0
    return new ServiceManager(socket, Number.isFinite(watchdogMs) ? watchdogMs : 0, log)
  }

  /** Sends in order; never waits and never throws. */
  notify(notification: Notification): void {
    if (this.#queued >= maxQueue) return
    this.#queued += 1
    this.#queue = this.#queue.then(() => this.#send(notification))
  }

  /** From now on reports that the arbiter is alive, twice per period that systemd asks for. */
  startWatchdog(): void {
    if (this.#watchdogMs <= 0) return
    this.#timer = setInterval(() => this.notify({ WATCHDOG: '1' }), this.#watchdogMs / 2)
    this.#timer.unref()
  }

  /** Resolves when everything has been sent. */
  close(): Promise<void> {
    clearInterval(this.#timer)
    return this.#queue
  }

  #send(notification: Notification): Promise<void> {
    const args = Object.entries(notification).map(([name, value]) => `${name}=${value}`)
    return new Promise(resolve => {
      execFile('systemd-notify', args, { env: this.#env, timeout: sendMs }, error => {
        this.#queued -= 1
        if (error && !this.#hasWarned) {
          this.#hasWarned = true
          this.#log.warn('systemd could not be told; is `systemd-notify` installed?', { error })
        }
        resolve()
      })
    })
  }
}
