import type { ReadStream, WriteStream } from 'node:tty'

/** What the command needs of its process. `process` itself is one. */
export interface CommandProcess {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly stdout: OutputStream
  readonly stderr: OutputStream
  cwd(): string
}

/** The same for a command that is used interactively at a terminal. */
export interface TerminalProcess extends CommandProcess {
  readonly stdin: ReadStream
  readonly stdout: WriteStream
  once(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): unknown
  off(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): unknown
}

interface OutputStream {
  readonly isTTY?: boolean
  /** Characters in a line of a terminal. */
  readonly columns?: number
  write(text: string): unknown
}
