/** The directory of one user's control sockets. No other user may enter it or have created it. */
import { chmodSync, lstatSync, mkdirSync, readdirSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { isAbsolute, join } from 'node:path'

export interface DirectoryEnvironment {
  readonly XDG_RUNTIME_DIR?: string | undefined
  readonly TMPDIR?: string | undefined
}

/** Where the directory may be, best first. A server uses the first one that works; a search for servers looks at all. */
export function socketDirectories(env: DirectoryEnvironment): readonly string[] {
  const uid = ownUid()
  const shared = join(env.TMPDIR || tmpdir(), `tunicorn-${uid}`)
  // The variable survives `su` and `sudo`, and the directory then belongs to another user.
  const runtime = [env.XDG_RUNTIME_DIR ?? `/run/user/${uid}`].filter(path => isAbsolute(path) && isOwn(path))
  return [...runtime.map(path => join(path, 'tunicorn')), shared]
}

/** Creates the directory. @throws Error that says why it cannot be used */
export function preparePrivateDirectory(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 })
  const found = lstatSync(path)
  if (!found.isDirectory()) throw new Error(`${path} is not a directory`)
  if (found.uid !== ownUid()) throw new Error(`${path} belongs to another user`)
  if ((found.mode & 0o777) !== 0o700) chmodSync(path, 0o700)
}

/** Whether the directory exists and its contents can be trusted. */
export function isPrivateDirectory(path: string): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false })
  return found?.isDirectory() === true && found.uid === ownUid() && (found.mode & 0o077) === 0
}

/** The control sockets in the directory, with the process id in the name of each. */
export function socketsIn(directory: string): readonly { readonly path: string; readonly pid: number }[] {
  return readdirSync(directory).flatMap(name => {
    const [, pid] = /^(\d+)\.sock$/.exec(name) ?? []
    return pid === undefined ? [] : [{ path: join(directory, name), pid: Number(pid) }]
  })
}

function isOwn(path: string): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false })
  return found?.isDirectory() === true && found.uid === ownUid()
}

function ownUid(): number {
  return process.geteuid?.() ?? userInfo().uid
}
