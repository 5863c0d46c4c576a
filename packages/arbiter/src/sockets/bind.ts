/** Binds addresses for the arbiter's whole life, without listening: workers accept from the same kernel queue. */
import { lookup } from 'node:dns/promises'
import { lstatSync } from 'node:fs'
import { unlink } from 'node:fs/promises'
import { type AddressInfo, connect } from 'node:net'
import { getSystemErrorName } from 'node:util'
import { TunicornError } from '../errors.js'
import { type Address, formatAddress } from './address.js'
import { createHandle, type ServerHandle } from './handle.js'

/** A bound socket. */
export interface BoundSocket {
  /** The address as it was asked for; two sockets with the same key are the same. */
  readonly key: string
  readonly handle: ServerHandle
  /** The real address, read back from the kernel. */
  readonly address: AddressInfo | string
  /** For people: `http://127.0.0.1:8000`, `unix:/run/app.sock`. */
  readonly url: string
  /** A path to remove when the socket is closed; libuv removes those that it has bound itself. */
  readonly path?: string
}

/** Path and reachability of a Unix socket that is in the way are looked at for so long. */
const probeMs = 1_000

/** @throws TunicornError `BIND_FAILED`, with what to do */
export async function bind(address: Address): Promise<BoundSocket> {
  switch (address.type) {
    case 'tcp':
      return bindTcp(address)
    case 'unix':
      return bindUnix(address.path)
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
  // libuv keeps "address in use" to itself until `listen`; the kernel then says that nothing is bound.
  if (!real || real.port === 0 || (address.port !== 0 && real.port !== address.port)) {
    handle.close()
    throw bindError(key, 'EADDRINUSE')
  }
  return { key, handle, address: real, url: tcpUrl(real) }
}

async function resolveHost(host: string, key: string): Promise<{ host: string; family: 4 | 6 }> {
  try {
    const found = await lookup(host)
    return { host: found.address, family: found.family === 6 ? 6 : 4 }
  } catch (cause) {
    throw new TunicornError('BIND_FAILED', `Cannot bind ${key}: the host name could not be resolved`, {
      cause,
    })
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

async function bindUnix(path: string): Promise<BoundSocket> {
  const key = `unix:${path}`
  await clearStale(path, key)
  const handle = createHandle(path, -1, -1)
  if (typeof handle === 'number') throw bindError(key, getSystemErrorName(handle))
  return { key, handle, address: path, url: key }
}

/** Removes a socket that nobody serves any more; never one that is alive, and never another kind of file. */
async function clearStale(path: string, key: string): Promise<void> {
  const found = lstatSync(path, { throwIfNoEntry: false })
  if (!found) return
  if (!found.isSocket())
    throw new TunicornError('BIND_FAILED', `Cannot bind ${key}: the path exists and is not a socket`)
  if (await isAlive(path)) throw bindError(key, 'EADDRINUSE')
  await unlink(path).catch((cause: unknown) => {
    throw new TunicornError(
      'BIND_FAILED',
      `Cannot bind ${key}: a stale socket is in the way and cannot be removed`,
      { cause },
    )
  })
}

function isAlive(path: string): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(path)
    const settle = (alive: boolean): void => {
      socket.destroy()
      resolve(alive)
    }
    // A server whose queue is full does not answer, and lives.
    socket.setTimeout(probeMs, () => settle(true))
    socket.once('connect', () => settle(true))
    socket.once('error', (error: NodeJS.ErrnoException) => settle(error.code !== 'ECONNREFUSED'))
  })
}

/**
 * Takes over an open socket. The path of a Unix socket that a former arbiter has bound is this one's to remove.
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
    throw new TunicornError('BIND_FAILED', `Cannot use ${key}: ${getSystemErrorName(handle)}`)
  const real = readBack(handle)
  if (real) return { key, handle, address: real, url: tcpUrl(real) }
  const path = key.startsWith('unix:') ? key.slice('unix:'.length) : undefined
  return { key, handle, address: path ?? key, url: key, ...(path !== undefined && { path }) }
}

const advice: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the address is already in use. Stop the process that has it, or choose another address',
  EACCES:
    'permission denied. Ports below 1024 need a privilege (CAP_NET_BIND_SERVICE), and a socket needs a folder you may write to',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOENT: 'the folder does not exist',
  EINVAL: 'the address is not valid; a path of a Unix socket may have about 100 bytes',
}

function bindError(key: string, code: string): TunicornError {
  const error = new TunicornError('BIND_FAILED', `Cannot bind ${key}: ${advice[code] ?? code}`)
  return Object.assign(error, { errno: code })
}
