/**
 * Sockets by way of Node's internals: one that is bound but does not listen, and a server that accepts from a handle it was
 * given. Node's own cluster module does both in this way; there is no public call on Node 20.
 */
import net, { type AddressInfo, type Server } from 'node:net'
import { constants } from 'node:os'
import { getSystemErrorName } from 'node:util'
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

/** Of a socket that listens, these two start and stop its polling, as they do for the bytes of a connection. */
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
 * Leaves connections to others at once, and keeps the socket: those that come wait in it for whoever accepts. Node accepts one
 * connection in a turn of its loop, so a server that is paused as soon as it has one takes no second.
 *
 * Works for handles that were received from another process. @throws Error for others
 */
export function pauseAccepting(server: Server): void {
  // What was never started cannot be stopped, and a socket that began to listen is polled without this start.
  resumeAccepting(server)
  handleOf(server)?.readStop?.()
}

/** Accepts again. Nothing if it does already, or does not listen. @throws Error where the handle cannot */
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
