/** Whether and when a worker has a watchdog. It never has one before its boot is over; the boot timeout limits that phase. */
import type { Logger } from '../contract/logger.js'
import { startWatchdog, type Watched } from './optional-parts.js'
import type { Watchdog } from './watchdog.js'

export class Watching {
  readonly #watched: Watched
  readonly #log: Logger
  #isWanted = false
  #isBooted = false
  #starting: Promise<void> | undefined
  #watchdog: Watchdog | undefined

  constructor(watched: Watched, log: Logger) {
    this.#watched = watched
    this.#log = log
  }

  get watchdog(): Watchdog | undefined {
    return this.#watchdog
  }

  /** Resolves when the watchdog runs, or at once during the boot, at whose end it then starts. */
  async want(): Promise<void> {
    this.#isWanted = true
    if (this.#isBooted) await this.#start()
  }

  /** Called before the first request, which may already block the event loop. */
  async booted(): Promise<void> {
    this.#isBooted = true
    if (this.#isWanted) await this.#start()
  }

  async stop(): Promise<void> {
    await this.#watchdog?.stop()
  }

  #start(): Promise<void> {
    this.#starting ??= startWatchdog(this.#watched, this.#log).then(watchdog => {
      this.#watchdog = watchdog
    })
    return this.#starting
  }
}
