/** Reads lines from a worker's diagnostics pipe, bounded in length and in rate: what is too much is counted and dropped. */
import type { Readable } from 'node:stream'

export interface LineLimits {
  readonly lineBytes: number
  readonly linesPerSecond: number
}

/** `onDropped` is told once a second how many lines were left out. */
export function readLines(
  stream: Readable,
  limits: LineLimits,
  onLine: (line: string) => void,
  onDropped: (count: number) => void,
): void {
  let rest = ''
  let taken = 0
  let dropped = 0
  let isSkipping = false
  let windowStart = performance.now()

  const take = (line: string): void => {
    const now = performance.now()
    if (now - windowStart > 1_000) {
      if (dropped > 0) onDropped(dropped)
      windowStart = now
      taken = 0
      dropped = 0
    }
    if (taken >= limits.linesPerSecond) {
      dropped += 1
      return
    }
    taken += 1
    onLine(line)
  }
  stream.setEncoding('utf8')
  stream.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      if (isSkipping) isSkipping = false
      else if (line.length > 0) take(line)
    }
    if (rest.length <= limits.lineBytes) return
    rest = ''
    if (!isSkipping) dropped += 1
    isSkipping = true
  })
  stream.on('end', () => {
    if (rest.length > 0 && !isSkipping) take(rest)
    if (dropped > 0) onDropped(dropped)
  })
  // A pipe whose other end died is the same as its end.
  stream.on('error', () => {})
}
