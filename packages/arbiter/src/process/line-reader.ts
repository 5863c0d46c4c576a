/** Reads lines from a pipe of a worker, bounded in length and in rate: what is too much is counted and dropped. */
import type { Readable } from 'node:stream'

export interface LineLimits {
  readonly lineLength: number
  /** What becomes of a longer line. Half a record is worth nothing, the beginning of a text is. */
  readonly longLines: 'cut' | 'dropped'
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
  const takeLong = (line: string): void => {
    if (limits.longLines === 'cut') take(`${line.slice(0, limits.lineLength)}…`)
    else dropped += 1
  }
  stream.setEncoding('utf8')
  stream.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      if (isSkipping) isSkipping = false
      else if (line.length > limits.lineLength) takeLong(line)
      else if (line.length > 0) take(line)
    }
    if (rest.length <= limits.lineLength) return
    if (!isSkipping) takeLong(rest)
    rest = ''
    isSkipping = true
  })
  stream.on('end', () => {
    if (rest.length > 0 && !isSkipping) take(rest)
    if (dropped > 0) onDropped(dropped)
  })
  // A pipe whose other end died is the same as its end.
  stream.on('error', () => {})
}
