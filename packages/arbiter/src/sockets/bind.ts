/** Binds addresses for the whole life of the arbiter, without listening. Workers accept from the same kernel queue. */
import { lookup } from 'node:dns/promises'
import { existsSync, lchownSync, unlinkSync } from 'node:fs'
import { type AddressInfo, connect } from 'node:net'
import { dirname } from 'node:path'
import { getSystemErrorName } from 'node:util'
import { TunicornError } from '../errors.js'
import { statPath } from '../stat-special.js'
import { type Address, formatAddress, type Owner, type UnixAddress } from './address.js'
import { createHandle, type ServerHandle } from './handle.js'
import { isBound, pathOf } from './unix-table.js'

/** A bound socket. */
export interface BoundSocket {
  /** The requested address. Two sockets with the same key are the same. */
  readonly key: string
  readonly handle: ServerHandle
  /** The real address, read back from the kernel. */
  readonly address: AddressInfo | string
  /** For people: `http://127.0.0.1:8000`, `unix:/run/app.sock`. */
  readonly url: string
  /** A path to remove when the socket is closed. libuv itself removes the paths that it has bound. */
  readonly path?: string
}

/** How long to wait for an answer from a Unix socket that is in the way. */
const probeMs = 1_000

/** @throws TunicornError `BIND_FAILED`, with what to do */
export async function bind(address: Address): Promise<BoundSocket> {
  switch (address.type) {
    case 'tcp':
      return bindTcp(address)
    case 'unix':
      return bindUnix(address)
    case 'fd':
      return adoptDescriptor(formatAddress(address), address.fd)
  }
}

async function bindTcp(address: Address & { readonly type: 'tcp' }): Promise<BoundSocket> {
  const key = formatAddress(address)
  const { host, family } = await resolveHost(address.host, key)
  const handle = createHandle(host, address.port, family)
  if (typeof handle === 'number') throw bindError(key, getSystemErrorName(handle))
  const real = readBack(handle)
  // libuv does not report "address in use" before `listen`. In that case the kernel says that nothing is bound.
  if (!real || real.port === 0 || (address.port !== 0 && real.port !== address.port)) {
    handle.close()
    throw bindError(key, 'EADDRINUSE')
  }
  return { key, handle, address: real, url: tcpUrl(real) }
}

/** @throws TunicornError `BIND_FAILED` */
export async function resolveHost(host: string, key: string): Promise<{ host: string; family: 4 | 6 }> {
  try {
    const found = await lookup(host)
    return { host: found.address, family: found.family === 6 ? 6 : 4 }
  } catch (cause) {
    throw new TunicornError(
      'BIND_FAILED',
      `Cannot bind ${key}: the host name could not be resolved. Check it, or use an address`,
      {
        cause,
      },
    )
  }
}

function readBack(handle: ServerHandle): AddressInfo | undefined {
  const out: Partial<AddressInfo> = {}
  if (handle.getsockname?.(out) !== 0) return undefined
  const { address, family, port } = out
  return address === undefined || family === undefined || port === undefined
    ? undefined
    : { address, family, port }
}

function tcpUrl({ address, family, port }: AddressInfo): string {
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`
}

/** Private by default: the operator decides who else may connect. */
const privateMode = 0o600

async function bindUnix({ path, mode = privateMode, owner }: UnixAddress): Promise<BoundSocket> {
  const key = `unix:${path}`
  await refuseOccupied(path, key)
  // No `await` from here on: a path found stale could meanwhile have been taken by another server.
  removeStale(path, key)
  const handle = withMode(mode, () => createHandle(path, -1, -1))
  if (typeof handle === 'number') throw unixError(key, path, getSystemErrorName(handle))
  if (owner) giveTo(owner, { path, key, handle })
  return { key, handle, address: path, url: key }
}

/** The file gets its mode when it is created, so that its mode is never wider, not even briefly. */
function withMode<Result>(mode: number, make: () => Result): Result {
  const previous = process.umask(0o777 & ~mode)
  try {
    return make()
  } finally {
    process.umask(previous)
  }
}

function giveTo(
  { uid, gid }: Owner,
  { path, key, handle }: { path: string; key: string; handle: ServerHandle },
): void {
  try {
    lchownSync(path, uid, gid)
  } catch (cause) {
    handle.close()
    throw new TunicornError('BIND_FAILED', `Cannot bind ${key}: its owner cannot be set to ${uid}:${gid}`, {
      cause,
    })
  }
}

/** Only a socket that nobody serves any more may be replaced, never one that is in use, and never another kind of file. */
async function refuseOccupied(path: string, key: string): Promise<void> {
  const found = statPath(path)
  if (!found) return
  if (!found.isSocket())
    throw new TunicornError('BIND_FAILED', `Cannot bind ${key}: the path exists and is not a socket`)
  if (await isAnswered(path)) throw bindError(key, 'EADDRINUSE')
}

function removeStale(path: string, key: string): void {
  if (!statPath(path)?.isSocket()) return
  // A server that is bound while its workers still boot refuses connections like a dead one.
  if (isBound(path)) throw bindError(key, 'EADDRINUSE')
  try {
    unlinkSync(path)
  } catch (cause) {
    throw new TunicornError(
      'BIND_FAILED',
      `Cannot bind ${key}: a stale socket is in the way and cannot be removed`,
      { cause },
    )
  }
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(path)
    const settle = (alive: boolean): void => {
      socket.destroy()
      resolve(alive)
    }
    // A server whose queue is full does not answer, but is alive.
    socket.setTimeout(probeMs, () => settle(true))
    socket.once('connect', () => settle(true))
    socket.once('error', (error: NodeJS.ErrnoException) => settle(error.code !== 'ECONNREFUSED'))
  })
}

/**
 * Takes over an open socket. If an earlier arbiter has bound a Unix socket, this one has to remove its path.
 *
 * @throws TunicornError `BIND_FAILED`
 */
export function adoptDescriptor(key: string, fd: number): BoundSocket {
  let handle: ServerHandle | number
  try {
    handle = createHandle(null, 0, -1, fd)
  } catch (cause) {
    throw new TunicornError('BIND_FAILED', `Cannot use ${key}: it is not an open socket`, { cause })
  }
  if (typeof handle === 'number')
    throw new TunicornError(
      'BIND_FAILED',
      `Cannot use ${key}: it is not an open socket (${getSystemErrorName(handle)})`,
    )
  const real = readBack(handle)
  if (real) return { key, handle, address: real, url: tcpUrl(real) }
  if (key.startsWith('unix:')) {
    const path = key.slice('unix:'.length)
    return { key, handle, address: path, url: key, path }
  }
  // The path belongs to the server that has bound it.
  const path = pathOf(fd)
  return path === undefined
    ? { key, handle, address: key, url: key }
    : { key, handle, address: path, url: `unix:${path}` }
}

const advice: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the address is already in use. Stop the process that has it, or choose another address',
  EACCES: 'permission denied. Ports below 1024 need a privilege (CAP_NET_BIND_SERVICE); choose a higher one',
  EADDRNOTAVAIL: 'this machine has no such address',
  EINVAL: 'the address is not valid; a path of a Unix socket may have about 100 bytes',
}

/** libuv reports EACCES also if the folder is missing. */
function unixError(key: string, path: string, code: string): TunicornError {
  const folder = dirname(path)
  if (code === 'EACCES' && !existsSync(folder))
    return new TunicornError(
      'BIND_FAILED',
      `Cannot bind ${key}: the folder ${folder} does not exist. Create it`,
    )
  if (code === 'EACCES')
    return new TunicornError(
      'BIND_FAILED',
      `Cannot bind ${key}: permission denied. Choose a folder that you may write to`,
    )
  return bindError(key, code)
}

function bindError(key: string, code: string): TunicornError {
  const error = new TunicornError('BIND_FAILED', `Cannot bind ${key}: ${advice[code] ?? code}`)
  return Object.assign(error, { errno: code })
}
