/** The upgrade that is under way, if any. There is at most one, and none outlives a stop. */
import type { ResolvedConfig } from '../config/settings.js'
import type { Logger } from '../contract/logger.js'
import { TunicornError } from '../errors.js'
import type { SelfCommand } from '../system/self.js'
import type { StopMode } from './stop-request.js'
import { type Handover, type Successor, startSuccessor } from './upgrade.js'

/** How much longer a new arbiter may take than its workers need to boot, or to drain when it is rolled back. */
const marginMs = 10_000

/** How much longer than `drainDelay` and `gracefulTimeout` a successor may take to end when the server stops. */
const leaveMarginMs = 2_000

export interface UpgradeOrder {
  readonly self: SelfCommand
  readonly handover: Handover
  readonly config: ResolvedConfig
  readonly log: Logger
  /** Called when the successor serves: leaves the server to it. */
  handOver(pid: number | undefined): void
}

export class Upgrades {
  #successor: Successor | undefined
  #isGivenUp = false
  #killTimer: NodeJS.Timeout | undefined
  #settled: Promise<void> = Promise.resolve()

  /** True also after the upgrade, because the successor then exists. */
  get hasSuccessor(): boolean {
    return this.#successor !== undefined
  }

  /** Resolves when a new arbiter has the server. @throws TunicornError `UPGRADE_FAILED` */
  start(order: UpgradeOrder): Promise<void> {
    const upgrade = this.#upgrade(order)
    this.#settled = upgrade.catch(() => {})
    return upgrade
  }

  /** Resolves when no upgrade is under way: it has failed, or the server was handed over. */
  settled(): Promise<void> {
    return this.#settled
  }

  /** A stop takes precedence over an upgrade: the successor ends as the server does. */
  giveUp(mode: StopMode, config: ResolvedConfig): void {
    const successor = this.#successor
    if (!successor) return
    this.#isGivenUp = true
    clearTimeout(this.#killTimer)
    if (mode !== 'graceful') return successor.end('SIGKILL')
    // It may already serve and have requests in flight. One that cannot react to the signal does not stay either.
    successor.end('SIGTERM')
    const leaveMs = config.arbiter.drainDelay * 1_000 + drainMs(config) + leaveMarginMs
    this.#killTimer = setTimeout(() => successor.end('SIGKILL'), leaveMs)
  }

  /** Resolves when a successor that was given up is gone. */
  async close(): Promise<void> {
    if (this.#isGivenUp) await this.#successor?.exited
    clearTimeout(this.#killTimer)
  }

  async #upgrade({ self, handover, config, log, handOver }: UpgradeOrder): Promise<void> {
    const bootSeconds = Math.max(...config.groups.map(({ settings }) => settings.bootTimeout))
    const successor = startSuccessor(self, handover, {
      serveMs: bootSeconds * 1_000 + marginMs,
      leaveMs: drainMs(config) + marginMs,
    })
    this.#successor = successor
    log.info(`Upgrading: starting a new arbiter with pid: ${successor.pid}`)
    try {
      await successor.serving
    } catch (error) {
      if (this.#isGivenUp) throw givenUp()
      this.#successor = undefined
      throw error
    }
    if (this.#isGivenUp) throw givenUp()
    log.info(`The new arbiter (pid: ${successor.pid}) serves; this one leaves`)
    handOver(successor.pid)
  }
}

/** How long requests may take in a drain. */
function drainMs({ groups }: ResolvedConfig): number {
  return Math.max(...groups.map(({ settings }) => settings.gracefulTimeout)) * 1_000
}

function givenUp(): TunicornError {
  return new TunicornError('UPGRADE_FAILED', 'Upgrade given up: the server stops')
}
