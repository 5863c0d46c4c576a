/** One line of a stack. */
import { fileURLToPath } from 'node:url'

/** A frame of the stack of a thread, as its inspector reports it. */
export interface StackFrame {
  /** Empty if it has none. */
  readonly functionName: string
  readonly place: Place
  /** Where the script says that its source map is. Empty if it does not say. */
  readonly sourceMapUrl: string
}

/** A place in code. Line and column count from 1, as in an error. */
export interface Place {
  readonly url: string
  readonly line: number
  readonly column: number
}

/** Formats the frames as in an error. */
export function stackText(frames: readonly StackFrame[]): string {
  return frames.map(lineOf).join('\n')
}

function lineOf({ functionName, place: { url, line, column } }: StackFrame): string {
  const place = `${url.startsWith('file:') ? fileURLToPath(url) : url}:${line}:${column}`
  return functionName === '' ? `at ${place}` : `at ${functionName} (${place})`
}
