/** The upgrade that is under way, if any: at most one, and none that outlives a stop. */
import type { ResolvedConfig } from '../config/settings.js'
import type { Logger } from '../contract/logger.js'
import type { SelfCommand } from '../system/self.js'
import { type Handover, type Successor, startSuccessor } from './upgrade.js'

/** What a new arbiter may take beyond the boot of its workers. */
const marginMs = 10_000

export interface UpgradeOrder {
  readonly self: SelfCommand
  readonly handover: Handover
  readonly config: ResolvedConfig
  readonly log: Logger
}

export class Upgrades {
  #successor: Successor | undefined

  /** Also once it is done: the successor is there. */
  get hasSuccessor(): boolean {
    return this.#successor !== undefined
  }

  /** Resolves with the pid of the new arbiter once it serves. @throws TunicornError `UPGRADE_FAILED` */
  async start({ self, handover, config, log }: UpgradeOrder): Promise<number | undefined> {
    const bootSeconds = Math.max(...config.groups.map(({ settings }) => settings.bootTimeout))
    const successor = startSuccessor(self, handover, bootSeconds * 1_000 + marginMs)
    this.#successor = successor
    log.info(`Upgrading: starting a new arbiter with pid: ${successor.pid}`)
    try {
      await successor.serving
    } catch (error) {
      this.#successor = undefined
      throw error
    }
    log.info(`The new arbiter (pid: ${successor.pid}) serves; this one leaves`)
    return successor.pid
  }

  /** Resolves when none is under way: it has succeeded or failed. */
  async settled(): Promise<void> {
    await this.#successor?.serving.catch(() => {})
  }

  /** Ends the successor. */
  cancel(): void {
    this.#successor?.kill()
  }
}
