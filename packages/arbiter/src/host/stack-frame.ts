/** One line of a stack. */
import { fileURLToPath } from 'node:url'

/** A frame of the stack of a thread, as its inspector reports it. */
export interface StackFrame {
  /** Empty: it has none. */
  readonly functionName: string
  readonly place: Place
  /** Where, according to its script, its source map is. Empty: nowhere. */
  readonly sourceMapUrl: string
}

/** Where code stands. Line and column count from 1, as in an error. */
export interface Place {
  readonly url: string
  readonly line: number
  readonly column: number
}

/** As in an error. */
export function stackText(frames: readonly StackFrame[]): string {
  return frames.map(lineOf).join('\n')
}

function lineOf({ functionName, place: { url, line, column } }: StackFrame): string {
  const place = `${url.startsWith('file:') ? fileURLToPath(url) : url}:${line}:${column}`
  return functionName === '' ? `at ${place}` : `at ${functionName} (${place})`
}
