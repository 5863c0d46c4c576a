import { statSync } from 'node:fs'

/** Whether there is a directory at this path, or a link to one. */
export function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}
