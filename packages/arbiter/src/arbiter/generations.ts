/** Makes generations: reads the configuration, and binds what it names. */

import { openAddressOf } from '../config/open-address-of.js'
import type { ResolvedConfig, ResolvedGroup } from '../config/settings.js'
import type { ConfigSource } from '../config/source.js'
import { useActivation } from '../config/use-activation.js'
import type { Logger } from '../contract/logger.js'
import { bind } from '../sockets/bind.js'
import { bindForCheck } from '../sockets/bind-for-check.js'
import { OpenAddress } from '../sockets/open-address.js'
import type { Bind, SocketStore } from '../sockets/socket-store.js'
import type { Activation } from '../sockets/systemd.js'
import type { Generation, LaunchGroup } from '../supervision/launch.js'
import { requirePrivilege } from '../system/identity.js'
import { prepareAccessLogs } from './prepare-access-logs.js'
import { readTls } from './read-tls.js'

export class Generations {
  readonly #source: ConfigSource
  readonly #sockets: SocketStore
  #activation: Activation = []
  #newest = -1
  /** Kept as long as the configuration lets the app decide the address. */
  #open: OpenAddress | undefined

  constructor(source: ConfigSource, sockets: SocketStore) {
    this.#source = source
    this.#sockets = sockets
  }

  /** Number of the newest generation. It counts the reloads that got as far as a configuration. -1 before the first. */
  get newest(): number {
    return this.#newest
  }

  /** The sockets from systemd, which replace the addresses in the configuration. */
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
   * `check`: nobody will be served, and this log gets what cannot be checked.
   *
   * @throws TunicornError `BIND_FAILED`, `LOG_FAILED`, `TLS_FAILED`
   */
  async prepare(config: ResolvedConfig, check?: Logger): Promise<Generation> {
    await prepareAccessLogs(config)
    const tls = await readTls(config)
    const bindOne: Bind = check ? address => bindForCheck(address, check) : bind
    const open = this.#openAddress(config, bindOne)
    const sockets = open ? undefined : await this.#sockets.acquire(config.groups, bindOne)
    this.#open = open
    this.#newest += 1
    const groups = new Map(
      config.groups.map(group => [
        group.name,
        open
          ? openLaunch(group, open)
          : { group, sockets: sockets?.get(group.name) ?? [], tls: tls.get(group.name) },
      ]),
    )
    return { number: this.#newest, config, groups }
  }

  #openAddress(config: ResolvedConfig, bindOne: Bind): OpenAddress | undefined {
    const fallback = this.#activation.length === 0 ? openAddressOf(config) : undefined
    if (!fallback) return undefined
    const { name, address } = fallback
    return (
      this.#open ??
      new OpenAddress(address, async asked => {
        const bound = await this.#sockets.acquire([{ name, addresses: [asked] }], bindOne)
        return bound.get(name) ?? []
      })
    )
  }
}

function openLaunch(group: ResolvedGroup, open: OpenAddress): LaunchGroup {
  return {
    group,
    open,
    get sockets() {
      return open.sockets
    },
  }
}
