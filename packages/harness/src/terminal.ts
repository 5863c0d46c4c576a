import { fileURLToPath } from 'node:url'
import { type ProcessOptions, type RunningProcess, startProcess } from './running-process.js'

/** What has to be on the screen, and what is then typed. */
export type TerminalStep = readonly [seen: string, typed: string]

export interface TerminalOptions extends ProcessOptions {
  /** @default none */
  readonly steps?: readonly TerminalStep[]
}

const script = fileURLToPath(new URL('../terminal.py', import.meta.url))

/**
 * Starts a command in a terminal of 80 columns, with Python. What the command writes to the terminal is the output, and
 * its exit code is that of the process. The code is 99 if it waits for something that no step answers.
 */
export function startInTerminal(
  command: readonly string[],
  { steps = [], env, ...rest }: TerminalOptions = {},
): Promise<RunningProcess> {
  const terminal = { TERM: 'xterm', CI: undefined, NO_COLOR: undefined }
  return startProcess('python3', [script, JSON.stringify(steps), ...command], {
    ...rest,
    env: { ...terminal, ...env },
  })
}
