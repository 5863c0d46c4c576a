/** How this process was started, so that it can be started again from what is then on disk. */
import { realpathSync } from 'node:fs'

export interface SelfCommand {
  readonly command: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
}

/**
 * Call before the environment or the directory change. A directory that is reached through a symbolic link keeps its
 * name: a new release is often the same link with another target.
 */
export function describeSelf(): SelfCommand {
  const real = process.cwd()
  const cwd = logicalDirectory(real, process.env.PWD)
  const [, script, ...rest] = process.argv
  const args = script === undefined ? rest : [throughLink(script, real, cwd), ...rest]
  return { command: process.execPath, args: [...process.execArgv, ...args], cwd, env: { ...process.env } }
}

/** The directory as the shell names it, if that is the same one. */
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
