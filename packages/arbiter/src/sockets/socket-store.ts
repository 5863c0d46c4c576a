/** The sockets that the arbiter holds. Two generations that ask for the same address share one socket. */
import { rmSync } from 'node:fs'
import { TunicornError } from '../errors.js'
import { type Address, formatAddress } from './address.js'
import type { BoundSocket } from './bind.js'
import { overlapOf } from './overlap.js'

/** How addresses become sockets. */
export type Bind = (address: Address) => Promise<BoundSocket>

/** Where one group wants to accept. */
export interface AddressGroup {
  readonly name: string
  readonly addresses: readonly Address[]
}

export class SocketStore {
  readonly #sockets = new Map<string, BoundSocket>()
  #ownsPaths = true

  /**
   * The sockets of every group, by its name. Calls `bind` for addresses that are not bound yet. All or nothing: on failure
   * nothing new stays bound.
   *
   * @throws TunicornError `BIND_FAILED`
   */
  async acquire(
    groups: readonly AddressGroup[],
    bind: Bind,
  ): Promise<ReadonlyMap<string, readonly BoundSocket[]>> {
    const added: string[] = []
    const bound = new Map<string, readonly BoundSocket[]>()
    try {
      for (const { name, addresses } of groups) {
        const sockets: BoundSocket[] = []
        for (const [index, address] of addresses.entries())
          sockets.push(await this.#acquireOne(address, keyOf(address, name, index), bind, added))
        bound.set(name, sockets)
      }
      return bound
    } catch (error) {
      for (const key of added) this.#close(key)
      throw error
    }
  }

  async #acquireOne(address: Address, key: string, bind: Bind, added: string[]): Promise<BoundSocket> {
    const known = this.#sockets.get(key)
    if (known) return known
    const socket = { ...(await bind(address)), key }
    this.#refuseOverlap(socket)
    this.#sockets.set(key, socket)
    added.push(key)
    return socket
  }

  #refuseOverlap(socket: BoundSocket): void {
    for (const other of this.#sockets.values()) {
      const problem = overlapOf(socket, other)
      if (problem === undefined) continue
      socket.handle.close()
      throw new TunicornError('BIND_FAILED', `Cannot bind ${socket.key}: ${problem}`)
    }
  }

  /** Closes every socket that is not among `keep`. */
  retain(keep: ReadonlySet<string>): readonly BoundSocket[] {
    const removed = [...this.#sockets.values()].filter(({ key }) => !keep.has(key))
    for (const { key } of removed) this.#close(key)
    return removed
  }

  closeAll(): void {
    this.retain(new Set())
  }

  all(): readonly BoundSocket[] {
    return [...this.#sockets.values()]
  }

  /** Takes over the sockets of the predecessor. Their paths belong to it until {@link SocketStore.ownPaths}. */
  adopt(sockets: readonly BoundSocket[]): void {
    this.#ownsPaths = false
    for (const socket of sockets) this.#sockets.set(socket.key, socket)
  }

  /** To be called when the predecessor is gone: from then on, paths are removed with their sockets. */
  ownPaths(): void {
    this.#ownsPaths = true
  }

  /**
   * To be called when another arbiter has the sockets. They are not closed, because libuv would remove the path of a Unix
   * socket, now or at the end of the process.
   */
  abandon(): void {
    if ([...this.#sockets.values()].some(({ address }) => typeof address === 'string'))
      process.once('exit', code => process.exit(code))
    this.#sockets.clear()
  }

  #close(key: string): void {
    const socket = this.#sockets.get(key)
    this.#sockets.delete(key)
    socket?.handle.close()
    if (this.#ownsPaths && socket?.path !== undefined) rmSync(socket.path, { force: true })
  }
}

/** Each request for any free port gets a socket of its own, and the same one again on a reload. */
function keyOf(address: Address, group: string, index: number): string {
  const text = formatAddress(address)
  return address.type === 'tcp' && address.port === 0 ? `${text} (${group} ${index})` : text
}
