/**
 * Whose a stage is: the arbiter whose pid is in a file there. It removes the stage at its end; when it was killed, whoever
 * starts next does.
 */
import { lstatSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export const stagePrefix = 'tunicorn-demo-'

const pidPattern = /^[1-9]\d{0,9}$/
const privateMode = 0o700

/** Makes this process the owner, for its life. */
export function own(stage: string): void {
  // In one step: whoever starts meanwhile must not read half a number.
  writeFileSync(`${ownerFile(stage)}.new`, String(process.pid), { mode: 0o600 })
  renameSync(`${ownerFile(stage)}.new`, ownerFile(stage))
  process.once('exit', () => rmSync(stage, { recursive: true, force: true }))
}

/** Removes the stages of arbiters that are gone. What is not surely one of them is left alone. */
export function removeAbandoned(folder: string): void {
  for (const name of readdirSync(folder)) {
    const stage = join(folder, name)
    if (name.startsWith(stagePrefix) && isAbandoned(stage)) rmSync(stage, { recursive: true, force: true })
  }
}

/** Nobody else can have made, or can change, what is in a private directory of this user. */
function isAbandoned(stage: string): boolean {
  try {
    const stat = lstatSync(stage)
    const isPrivate = stat.isDirectory() && (stat.mode & 0o777) === privateMode
    if (!isPrivate || stat.uid !== process.geteuid?.()) return false
  } catch {
    // Its owner has just removed it.
    return false
  }
  const owner = ownerOf(stage)
  return owner !== undefined && !isAlive(owner)
}

function ownerOf(stage: string): number | undefined {
  try {
    const text = readFileSync(ownerFile(stage), 'utf8')
    return pidPattern.test(text) ? Number(text) : undefined
  } catch {
    return undefined
  }
}

const ownerFile = (stage: string): string => join(stage, 'owner')

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // Anything but this means that there is such a process, of another user.
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH')
  }
}
