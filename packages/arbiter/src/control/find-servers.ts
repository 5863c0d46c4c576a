/** Finds the servers of this user that have a control socket of their own. */
import { rmSync } from 'node:fs'
import { TunicornError } from '../errors.js'
import { isAlive } from '../system/is-alive.js'
import { ControlClient } from './control-client.js'
import { isPrivateDirectory, socketDirectories, socketsIn } from './private-directory.js'
import type { ServerStatus } from './status.js'

/** A running server. */
export interface FoundServer {
  /** Path of the control socket. */
  readonly path: string
  readonly pid: number
  /** Absent: it did not answer in time, or not in a form that this version understands. */
  readonly status?: ServerStatus
}

/** How long one server may take to answer. */
const answerMs = 2_000

/**
 * The running servers of this user, by process id. A server whose setting `control` names a path is not among them.
 * Removes sockets that dead servers have left behind.
 */
export async function findServers(
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<readonly FoundServer[]> {
  const sockets = socketDirectories(env).filter(isPrivateDirectory).flatMap(socketsIn)
  const found = await Promise.all(sockets.map(ask))
  return found.filter(server => server !== undefined).sort((one, other) => one.pid - other.pid)
}

async function ask({ path, pid }: Pick<FoundServer, 'path' | 'pid'>): Promise<FoundServer | undefined> {
  try {
    const status = await new ControlClient(path).status({ signal: AbortSignal.timeout(answerMs) })
    return { path, pid, status }
  } catch (error) {
    const isGone = error instanceof TunicornError && error.code === 'CONTROL_UNREACHABLE'
    if (isGone && !isAlive(pid)) rmSync(path, { force: true })
    return isGone ? undefined : { path, pid }
  }
}
