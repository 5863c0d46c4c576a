/**
 * Uses Node's internals for sockets that are bound but do not listen, and for servers that accept from a given handle.
 * Node's own cluster module does both in this way, and Node 20 has no public call for them.
 */
import net, { type AddressInfo, type Server } from 'node:net'
import { constants } from 'node:os'
import { getSystemErrorName } from 'node:util'
import { TunicornError } from '../errors.js'

/** A bound libuv socket. It neither listens nor accepts until a server takes it. */
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

/** These two start and stop the polling of a listening socket, as they do for the bytes of a connection. */
interface AcceptingHandle extends ServerHandle {
  readStart?(): number
  readStop?(): number
}

interface HandleServer extends Server {
  _handle: AcceptingHandle | null
  readonly _connections: number
  _listen2(address: null, port: number, addressType: number, backlog: number): void
}

const internals = net as typeof net & Partial<Internals>

/** @throws TunicornError `PLATFORM_UNSUPPORTED` if this Node lacks what is needed */
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
    // `listen(handle)` takes only TCP handles. The handle of a Unix socket would be opened twice.
    const handleServer = server as HandleServer
    handleServer._handle = handle
    handleServer._listen2(null, -1, -1, backlog)
  })
}

/** The number of open connections of a server. */
export function connectionsOf(server: Server): number {
  return (server as HandleServer)._connections
}

/**
 * Stops accepting at once but keeps the socket, so that new connections wait in it for another process that accepts. Node
 * accepts one connection per turn of its loop, so a server that is paused as soon as it has one does not take a second.
 *
 * Works for handles that were received from another process. @throws Error for others
 */
export function pauseAccepting(server: Server): void {
  // `readStop` cannot stop what `readStart` has not started, and a socket that begins to listen is polled without it.
  resumeAccepting(server)
  handleOf(server)?.readStop?.()
}

/** Accepts again. Does nothing if the server already accepts or does not listen. @throws Error if the handle cannot be polled */
export function resumeAccepting(server: Server): void {
  const handle = handleOf(server)
  if (!handle) return
  const code = handle.readStart?.() ?? -constants.errno.ENOSYS
  if (code === 0 || code === -constants.errno.EALREADY) return
  throw new Error(`The listening socket cannot be polled: ${getSystemErrorName(code)}`)
}

function handleOf(server: Server): AcceptingHandle | null {
  return (server as HandleServer)._handle
}
