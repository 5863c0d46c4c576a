import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** Resolves with the standard output of a command, or with `undefined` when it is missing or fails. */
export async function outputOf(command: string, ...args: readonly string[]): Promise<string | undefined> {
  try {
    return (await promisify(execFile)(command, args)).stdout
  } catch {
    return undefined
  }
}
