/** Reads lines from a pipe of a worker, with limits on their length and rate. What exceeds the limits is dropped and counted. */
import type { Readable } from 'node:stream'

export interface LineLimits {
  readonly lineLength: number
  /** What to do with a longer line. Half a record is worthless; the beginning of a text is not. */
  readonly longLines: 'cut' | 'dropped'
  readonly linesPerSecond: number
}

/** `onDropped` is called once a second with the number of dropped lines. */
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
  // An error means that the other end died, which is the same as the end of the pipe.
  stream.on('error', () => {})
}
