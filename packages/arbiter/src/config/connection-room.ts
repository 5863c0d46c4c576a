/** How many connections a worker can have before it runs out of file descriptors, each of which takes one. */
import { readFileSync } from 'node:fs'

/** Descriptors of a worker that are not for its clients: those of Node and of the app, such as files and its database. */
const leastForOthers = 64
const shareForOthers = 0.1

/** Files that this process and its workers may have open; `undefined` where that is not told (macOS), or without limit. */
export function openFilesLimit(): number | undefined {
  try {
    return parseOpenFiles(readFileSync('/proc/self/limits', 'utf8'))
  } catch {
    return undefined
  }
}

/** The limit that holds, in the text of `/proc/self/limits`. Node has raised it as far as it may. */
export function parseOpenFiles(text: string): number | undefined {
  const limit = /^Max open files\s+(\d+)/m.exec(text)?.[1]
  return limit === undefined ? undefined : Number(limit)
}

/** `workerConnections` (0 = no limit) as far as a limit of open files leaves room: all of them but 64 or a tenth. */
export function roomFor(workerConnections: number, openFiles: number | undefined): number {
  if (openFiles === undefined) return workerConnections
  const others = Math.max(leastForOthers, Math.ceil(openFiles * shareForOthers))
  const room = Math.max(1, openFiles - others)
  return workerConnections === 0 ? room : Math.min(workerConnections, room)
}
