/**
 * Sockets by way of Node's internals: one that is bound but does not listen, and a server that accepts from a handle it was
 * given. Node's own cluster module does both in this way; there is no public call on Node 20.
 */
import net, { type AddressInfo, type Server } from 'node:net'
import { TunicornError } from '../errors.js'

/** A bound socket of the event loop library. It neither listens nor accepts until a server takes it. */
export interface ServerHandle {
  readonly fd: number
  close(): void
  getsockname?(out: Partial<AddressInfo>): number
}

interface Internals {
  _createServerHandle(
    address: string | null,
    port: number,
    addressType: number,
    fd?: number,
  ): ServerHandle | number
}

interface AcceptingHandle extends ServerHandle {
  onconnection?: unknown
  listen?(backlog: number): number
}

interface HandleServer extends Server {
  _handle: AcceptingHandle | null
  readonly _connections: number
  _listen2(address: null, port: number, addressType: number, backlog: number): void
}

const internals = net as typeof net & Partial<Internals>

/** @throws TunicornError `PLATFORM_UNSUPPORTED` when this Node lacks what is needed */
export function requireHandles(): void {
  const isPresent =
    typeof internals._createServerHandle === 'function' &&
    '_listen2' in net.Server.prototype &&
    process.platform !== 'win32'
  if (isPresent) return
  throw new TunicornError(
    'PLATFORM_UNSUPPORTED',
    `Tunicorn cannot bind sockets on Node ${process.version} (${process.platform}): it needs Linux or macOS and Node 20.19 or newer`,
  )
}

/** A handle, or the negative error number of the operating system. */
export function createHandle(
  address: string | null,
  port: number,
  addressType: number,
  fd?: number,
): ServerHandle | number {
  requireHandles()
  return internals._createServerHandle?.(address, port, addressType, fd) ?? -1
}

/** Makes `server` accept from `handle`. Resolves when it listens. */
export function listenOnHandle(server: Server, handle: ServerHandle, backlog: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = (): void => {
      server.off('listening', succeed)
      server.off('error', fail)
    }
    const succeed = (): void => {
      done()
      resolve()
    }
    const fail = (error: Error): void => {
      done()
      reject(error)
    }
    server.once('listening', succeed)
    server.once('error', fail)
    // `listen(handle)` takes TCP handles only; a Unix socket's would be opened twice.
    const handleServer = server as HandleServer
    handleServer._handle = handle
    handleServer._listen2(null, -1, -1, backlog)
  })
}

/** Connections of a server that are open. */
export function connectionsOf(server: Server): number {
  return (server as HandleServer)._connections
}

/**
 * Takes the handle from a server that goes on to listen in its own eyes: it emits nothing, and says that it listens. Gives
 * what puts another handle in its place, with the negative error number of the operating system when that fails.
 */
export function takeHandle(server: Server): (next: ServerHandle, backlog: number) => number {
  const handleServer = server as HandleServer
  const taken = handleServer._handle
  if (!taken) throw new TypeError('The server does not listen')
  const name: Partial<AddressInfo> = {}
  taken.getsockname?.(name)
  taken.close()
  const empty = {
    fd: -1,
    close: () => {},
    ref: () => {},
    unref: () => {},
    getsockname: (out: Partial<AddressInfo>) => {
      Object.assign(out, name)
      return 0
    },
  }
  handleServer._handle = empty
  return (next: AcceptingHandle, backlog) => {
    // The server has been closed meanwhile.
    if (handleServer._handle !== empty) {
      next.close()
      return 0
    }
    // The owner of a handle is a property of it whose symbol Node keeps to itself.
    for (const symbol of Object.getOwnPropertySymbols(taken))
      Object.defineProperty(next, symbol, { value: server, writable: true, configurable: true })
    next.onconnection = taken.onconnection
    handleServer._handle = next
    return next.listen?.(backlog) ?? -1
  }
}
