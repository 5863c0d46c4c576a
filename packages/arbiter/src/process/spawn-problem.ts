/** Explains why no process could be started. Whatever is missing, the operating system says only ENOENT, and names `node`. */
import { existsSync } from 'node:fs'
import { lostFile } from '../lost-file.js'
import type { SpawnRequest } from './spawner.js'

/** Names the file that has to exist, or returns `undefined` when it exists. */
export function missingFile(hostFile: string): string | undefined {
  if (existsSync(hostFile)) return undefined
  return `there is no ${lostFile(hostFile)}`
}

export function spawnProblem(error: Error, { cwd }: Pick<SpawnRequest, 'cwd'>): string {
  const isMissing = 'code' in error && error.code === 'ENOENT'
  if (!isMissing) return error.message
  if (!existsSync(cwd)) return `there is no directory ${cwd}, in which it is to work (setting \`chdir\`)`
  if (!existsSync(process.execPath))
    return `there is no ${process.execPath}, the node that this server was started with`
  return error.message
}
