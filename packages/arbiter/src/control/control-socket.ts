/** Opens the control socket, and removes those that dead servers have left behind. */
import { rmSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { maxUnixPath } from '../sockets/address.js'
import { type BoundSocket, bind } from '../sockets/bind.js'
import { isAlive } from '../system/is-alive.js'
import {
  type DirectoryEnvironment,
  preparePrivateDirectory,
  socketDirectories,
  socketsIn,
} from './private-directory.js'

const socketMode = 0o600

/** Binds a socket at this path. @throws Error that says why that is not possible */
export async function openSocketAt(path: string): Promise<BoundSocket> {
  const length = Buffer.byteLength(path)
  if (length > maxUnixPath)
    throw new Error(`${path} has ${length} bytes; a path of a Unix socket may have ${maxUnixPath}`)
  return bind({ type: 'unix', path, mode: socketMode })
}

/** Binds the socket of this process in the first usable directory. @throws Error that says what is wrong with each */
export async function openOwnSocket(env: DirectoryEnvironment): Promise<BoundSocket> {
  const problems: string[] = []
  for (const directory of socketDirectories(env)) {
    try {
      preparePrivateDirectory(directory)
      const socket = await openSocketAt(join(directory, `${process.pid}.sock`))
      removeStale(directory).catch(() => {})
      return socket
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error))
    }
  }
  throw new Error(problems.join('; '))
}

/** Removes the sockets of killed servers. A process in another container has no visible pid, but answers. */
async function removeStale(directory: string): Promise<void> {
  for (const { path, pid } of socketsIn(directory))
    if (!isAlive(pid) && (await isRefused(path))) rmSync(path, { force: true })
}

function isRefused(path: string): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(path)
    socket.setTimeout(1_000, () => socket.destroy())
    socket.once('connect', () => socket.destroy())
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ECONNREFUSED'))
    socket.once('close', () => resolve(false))
  })
}
