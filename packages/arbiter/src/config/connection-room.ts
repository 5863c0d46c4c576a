/** How many connections a worker can have before it runs out of file descriptors. Each connection takes one. */
import { readFileSync } from 'node:fs'

/** Descriptors that are not for a worker's clients but for Node and the app, such as files and a database. */
const leastForOthers = 64
const shareForOthers = 0.1

/** How many files this process and its workers may have open. `undefined` without a limit, or where it is unknown (macOS). */
export function openFilesLimit(): number | undefined {
  try {
    return parseOpenFiles(readFileSync('/proc/self/limits', 'utf8'))
  } catch {
    return undefined
  }
}

/** The soft limit in the text of `/proc/self/limits`. Node has raised it as far as it may. */
export function parseOpenFiles(text: string): number | undefined {
  const limit = /^Max open files\s+(\d+)/m.exec(text)?.[1]
  return limit === undefined ? undefined : Number(limit)
}

/** `workerConnections` (0 = no limit), capped by the limit of open files: all of them except 64 or a tenth. */
export function roomFor(workerConnections: number, openFiles: number | undefined): number {
  if (openFiles === undefined) return workerConnections
  const others = Math.max(leastForOthers, Math.ceil(openFiles * shareForOthers))
  const room = Math.max(1, openFiles - others)
  return workerConnections === 0 ? room : Math.min(workerConnections, room)
}
