/** Reopens log files that were moved away, one rotation after the other. */

import type { ResolvedConfig } from '../config/settings.js'
import type { ArbiterLog } from '../output/logger.js'
import { prepareAccessLogs } from './prepare-access-logs.js'

export interface RotationParts {
  readonly log: ArbiterLog
  config(): ResolvedConfig
  /** Tells the workers to reopen theirs. */
  reopenWorkerLogs(): void
}

export class LogRotation {
  readonly #parts: RotationParts
  #done: Promise<void> = Promise.resolve()

  constructor(parts: RotationParts) {
    this.#parts = parts
  }

  /** Reopens the log of the arbiter at once, and those of the workers later. */
  begin(): void {
    this.#parts.log.reopen()
    this.#done = this.#done.then(() => this.#reopenAccessLogs())
  }

  /** The arbiter creates the files first, because the workers may not be allowed to. */
  async #reopenAccessLogs(): Promise<void> {
    const { config, log, reopenWorkerLogs } = this.#parts
    try {
      await prepareAccessLogs(config())
    } catch (error) {
      log.error(error instanceof Error ? error.message : String(error))
    }
    reopenWorkerLogs()
  }
}
