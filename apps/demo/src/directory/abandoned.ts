/**
 * The owner of a demo directory is the arbiter whose pid is in a file there. It removes the directory when it ends. If it was
 * killed, the arbiter that starts next removes it.
 */
import { lstatSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export const directoryPrefix = 'tunicorn-demo-'

const pidPattern = /^[1-9]\d{0,9}$/
const privateMode = 0o700

/** Makes this process the owner as long as it lives. */
export function own(directory: string): void {
  // In one step, because a demo that starts in the meantime must not read half a number.
  writeFileSync(`${ownerFile(directory)}.new`, String(process.pid), { mode: 0o600 })
  renameSync(`${ownerFile(directory)}.new`, ownerFile(directory))
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }))
}

/** Removes the directories of arbiters that are gone. Leaves alone what is not certainly one of them. */
export function removeAbandoned(folder: string): void {
  for (const name of readdirSync(folder)) {
    const directory = join(folder, name)
    if (name.startsWith(directoryPrefix) && isAbandoned(directory))
      rmSync(directory, { recursive: true, force: true })
  }
}

/** In a private directory of this user, nobody else can have made or can change anything. */
function isAbandoned(directory: string): boolean {
  try {
    const stat = lstatSync(directory)
    const isPrivate = stat.isDirectory() && (stat.mode & 0o777) === privateMode
    if (!isPrivate || stat.uid !== process.geteuid?.()) return false
  } catch {
    // Its owner has just removed it.
    return false
  }
  const owner = ownerOf(directory)
  return owner !== undefined && !isAlive(owner)
}

function ownerOf(directory: string): number | undefined {
  try {
    const text = readFileSync(ownerFile(directory), 'utf8')
    return pidPattern.test(text) ? Number(text) : undefined
  } catch {
    return undefined
  }
}

const ownerFile = (directory: string): string => join(directory, 'owner')

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // Any other error means that there is such a process, of another user.
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH')
  }
}
