/** The address of the setting `admin`, from the start of the arbiter to its end, across reloads and upgrades. */

import { adminAddressOf } from '../config/admin-address.js'
import type { Logger } from '../contract/logger.js'
import type { Route } from '../control/route.js'
import type { RouteServer } from '../control/route-server.js'
import { TunicornError } from '../errors.js'
import { formatAddress } from '../sockets/address.js'
import { type BoundSocket, bind } from '../sockets/bind.js'
import { bindForCheck } from '../sockets/bind-for-check.js'
import { hostJudge } from './believed-host.js'

/** Distinguishes this socket from those that workers accept from, among the sockets that a successor inherits. */
const keyPrefix = 'admin '

export const isAdminKey = (key: string): boolean => key.startsWith(keyPrefix)

export class Admin {
  readonly #log: Logger
  #socket: BoundSocket | undefined
  #server: RouteServer | undefined
  #routes: readonly Route[] | undefined

  /** `inherited`: the socket that was bound by the arbiter that this one replaces. */
  constructor(log: Logger, inherited?: BoundSocket) {
    this.#log = log
    this.#socket = inherited
  }

  /** The socket that a successor takes over. */
  get socket(): BoundSocket | undefined {
    return this.#socket
  }

  /**
   * Binds the address of the setting, without answering yet.
   *
   * @throws TunicornError `BIND_FAILED`
   */
  async bind(setting: string): Promise<void> {
    const key = keyOf(setting)
    if (key === this.#socket?.key) return
    const socket = await bindFor(setting)
    this.#socket?.handle.close()
    this.#socket = socket
  }

  /** Starts to answer. Does nothing when called again. */
  async serve(routes: readonly Route[]): Promise<void> {
    if (this.#routes) return
    this.#routes = routes
    await this.#listen()
  }

  /** Called after a reload. If the new address cannot be bound, the old one stays. */
  async reload(setting: string): Promise<void> {
    if (keyOf(setting) === this.#socket?.key) return
    try {
      const socket = await bindFor(setting)
      void this.#server?.close()
      this.#server = undefined
      this.#socket = socket
      await this.#listen()
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      this.#log.warn(`The reload could not change \`admin\`, which stays as it was: ${why}`)
    }
  }

  /**
   * Accepts nothing more, and finishes the requests that it has. If a successor answers at the same address, connections that
   * wait to be accepted go to the successor.
   */
  async close(): Promise<void> {
    const server = this.#server
    const socket = this.#socket
    this.#server = undefined
    this.#socket = undefined
    this.#routes = undefined
    if (server) await server.close()
    else socket?.handle.close()
  }

  async #listen(): Promise<void> {
    if (!this.#socket) return
    const { RouteServer } = await import('../control/route-server.js')
    const socket = this.#socket
    const routes = this.#routes
    // Closed during the import.
    if (!socket || !routes) return
    const believesHost = hostJudge(socket.address)
    const server = new RouteServer({ name: 'admin address', routes, log: this.#log, believesHost })
    this.#server = server
    await server.listen(socket.handle)
    this.#log.info(`Admin at: ${socket.url}`)
  }
}

function keyOf(setting: string): string | undefined {
  const address = adminAddressOf(setting)
  return address && `${keyPrefix}${formatAddress(address)}`
}

/**
 * Checks that the address of the setting can be bound. As in any check, an address in use is only a warning.
 *
 * @throws TunicornError `BIND_FAILED`
 */
export async function checkAdmin(setting: string, log: Logger): Promise<void> {
  const socket = await bindFor(setting, address => bindForCheck(address, log))
  socket?.handle.close()
}

async function bindFor(setting: string, bindOne = bind): Promise<BoundSocket | undefined> {
  const address = adminAddressOf(setting)
  const key = keyOf(setting)
  if (!address || key === undefined) return undefined
  try {
    return { ...(await bindOne(address)), key }
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new TunicornError('BIND_FAILED', `${why}. It is the address of \`admin\``, { cause })
  }
}
