/** What the command needs of its process. `process` itself is one. */
export interface CommandProcess {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly stdout: OutputStream
  readonly stderr: OutputStream
  cwd(): string
}

interface OutputStream {
  readonly isTTY?: boolean
  /** Characters in a line of a terminal. */
  readonly columns?: number
  write(text: string): unknown
}
