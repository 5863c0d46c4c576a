/** Whether and when a worker has a watchdog: never before its boot is over, which the boot timeout bounds. */
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

  /** Resolves when the watchdog is there, or will be at the end of the boot. */
  async want(): Promise<void> {
    this.#isWanted = true
    if (this.#isBooted) await this.#start()
  }

  /** Before the first request: that one may already block the event loop. */
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
