/** How this process was started, so that it can be started again from what is on disk by then. */
import { realpathSync } from 'node:fs'

export interface SelfCommand {
  readonly command: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
}

/**
 * Call this before the environment or the directory changes. A directory that is reached through a symbolic link keeps its
 * name, because a new release is often the same link with another target.
 */
export function describeSelf(): SelfCommand {
  const real = process.cwd()
  const cwd = logicalDirectory(real, process.env.PWD)
  const [, script, ...rest] = process.argv
  const args = script === undefined ? rest : [throughLink(script, real, cwd), ...rest]
  return { command: process.execPath, args: [...process.execArgv, ...args], cwd, env: { ...process.env } }
}

/** The directory by the name that the shell gives it, if both are the same directory. */
export function logicalDirectory(real: string, shellName: string | undefined): string {
  if (shellName === undefined) return real
  try {
    return realpathSync(shellName) === real ? shellName : real
  } catch {
    return real
  }
}

function throughLink(path: string, real: string, cwd: string): string {
  return path.startsWith(`${real}/`) ? cwd + path.slice(real.length) : path
}
