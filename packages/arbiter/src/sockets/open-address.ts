/** The address of a group when its app decides it. It is bound once the first worker has loaded the app. */
import type { AskedAddress } from '../contract/adoption.js'
import { TunicornError } from '../errors.js'
import type { Address } from './address.js'
import type { BoundSocket } from './bind.js'

export type BindOpen = (address: Address) => Promise<readonly BoundSocket[]>

/** Every interface, as in Node: IPv6 and IPv4 on one socket, or IPv4 where there is no IPv6. */
const everyHost = ['::', '0.0.0.0'] as const
/** Errors that another host would not avoid. */
const lasting: readonly unknown[] = ['EADDRINUSE', 'EACCES']

export class OpenAddress {
  readonly #fallback: Address
  readonly #bind: BindOpen
  #sockets: readonly BoundSocket[] = []
  #binding: Promise<void> | undefined
  readonly #watchers: ((sockets: readonly BoundSocket[]) => void)[] = []

  /** `fallback`: the address for an app that does not listen. */
  constructor(fallback: Address, bind: BindOpen) {
    this.#fallback = fallback
    this.#bind = bind
  }

  /** Empty until the address is settled. */
  get sockets(): readonly BoundSocket[] {
    return this.#sockets
  }

  /** Calls back once, when the address is bound. */
  whenBound(callback: (sockets: readonly BoundSocket[]) => void): void {
    if (this.#sockets.length === 0) this.#watchers.push(callback)
  }

  /** The first call that succeeds decides. @throws TunicornError `BIND_FAILED` */
  settle(asked: AskedAddress | undefined): Promise<void> {
    this.#binding ??= this.#settle(asked).finally(() => {
      if (this.#sockets.length === 0) this.#binding = undefined
    })
    return this.#binding
  }

  async #settle(asked: AskedAddress | undefined): Promise<void> {
    this.#sockets = await this.#bindFirst(asked)
    for (const callback of this.#watchers.splice(0)) callback(this.#sockets)
  }

  async #bindFirst(asked: AskedAddress | undefined): Promise<readonly BoundSocket[]> {
    if (!asked) return this.#bind(this.#fallback)
    const { host, port } = asked
    if (host !== undefined) return this.#bind({ type: 'tcp', host: host.toLowerCase(), port })
    const [both, v4] = everyHost
    try {
      return await this.#bind({ type: 'tcp', host: both, port })
    } catch (error) {
      if (!(error instanceof TunicornError) || !('errno' in error) || lasting.includes(error.errno))
        throw error
      return this.#bind({ type: 'tcp', host: v4, port })
    }
  }
}
