/** Makes generations: reads the configuration, and binds what it names. */

import type { ResolvedConfig } from '../config/settings.js'
import type { ConfigSource } from '../config/source.js'
import { useActivation } from '../config/use-activation.js'
import type { Logger } from '../contract/logger.js'
import { bind } from '../sockets/bind.js'
import { bindForCheck } from '../sockets/bind-for-check.js'
import type { SocketStore } from '../sockets/socket-store.js'
import type { Activation } from '../sockets/systemd.js'
import type { Generation } from '../supervision/launch.js'
import { requirePrivilege } from '../system/identity.js'
import { prepareAccessLogs } from './prepare-access-logs.js'

export class Generations {
  readonly #source: ConfigSource
  readonly #sockets: SocketStore
  #activation: Activation = []
  #newest = -1

  constructor(source: ConfigSource, sockets: SocketStore) {
    this.#source = source
    this.#sockets = sockets
  }

  /** Number of the newest one: reloads that came as far as a configuration. -1 before the first. */
  get newest(): number {
    return this.#newest
  }

  /** The sockets of systemd, which take the place of those in the configuration. */
  get activation(): Activation {
    return this.#activation
  }

  activate(activation: Activation): void {
    this.#activation = activation
  }

  /** @throws TunicornError what is wrong with the configuration */
  async load(): Promise<ResolvedConfig> {
    const config = await this.#source.load({ hasSockets: this.#activation.length > 0 })
    requirePrivilege(config.identity)
    return useActivation(config, this.#activation)
  }

  /**
   * `check`: nobody will be served, and what cannot be checked is told here.
   *
   * @throws TunicornError `BIND_FAILED`, `LOG_FAILED`
   */
  async prepare(config: ResolvedConfig, check?: Logger): Promise<Generation> {
    await prepareAccessLogs(config)
    const sockets = await this.#sockets.acquire(
      config.groups,
      check ? address => bindForCheck(address, check) : bind,
    )
    this.#newest += 1
    const groups = new Map(
      config.groups.map(group => [group.name, { group, sockets: sockets.get(group.name) ?? [] }] as const),
    )
    return { number: this.#newest, config, groups }
  }
}
