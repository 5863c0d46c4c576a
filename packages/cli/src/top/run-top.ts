/** `tunicorn top`: shows and controls a running server on one screen. */
import { TunicornError } from '@tunicorn/arbiter/control'
import { exitCodes } from '@tunicorn/arbiter/internal'
import picocolors from 'picocolors'
import { hasColors } from '../console/colors.js'
import type { TerminalProcess } from '../console/command-process.js'
import { parsePlain, plainCommand } from '../console/plain-command.js'
import { chooseServer } from '../ctl/choose-server.js'
import { TerminalScreen } from './terminal-screen.js'
import { TopSession } from './top-session.js'

/** Sent when the terminal closes, or by the parent process. The exit codes are those of the shell. */
const endingSignals = [
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const

/**
 * Runs `tunicorn top ARGS` and resolves with its exit code when the user leaves.
 *
 * @throws TunicornError `CONFIG_INVALID`, `SERVER_NOT_FOUND`, `SERVER_AMBIGUOUS`, and `CONTROL_UNREACHABLE` when the server has
 * ended
 */
export async function runTop(args: readonly string[], command: TerminalProcess): Promise<number> {
  const { control, help } = parse(args)
  if (help !== undefined) {
    command.stdout.write(help)
    return exitCodes.ok
  }
  if (command.stdin.isTTY !== true || command.stdout.isTTY !== true)
    throw new TunicornError(
      'CONFIG_INVALID',
      '`tunicorn top` needs a terminal. For a pipe or a file there is `tunicorn ctl status`',
    )
  const client = await chooseServer(control, command.env)
  const paint = picocolors.createColors(hasColors(command.stdout, command))
  const session = new TopSession({ client, paint, screen: new TerminalScreen(command) })
  let exitCode: number = exitCodes.ok
  const listeners = endingSignals.map(([signal, code]) => {
    const leave = (): void => {
      exitCode = code
      session.leave()
    }
    command.once(signal, leave)
    return () => command.off(signal, leave)
  })
  try {
    await session.run()
    return exitCode
  } finally {
    for (const unlisten of listeners) unlisten()
  }
}

const keys = `
Keys:
  up, down   choose a worker (also k, j)
  r          reload, after a question
  + -        one worker more or fewer for the group of the chosen one
  s          its stack: what it does at this moment
  p          profile it for 5 s, into a file in this directory
  q, Ctrl-C  leave; the server goes on
`

function parse(args: readonly string[]): {
  readonly control: string | undefined
  readonly help: string | undefined
} {
  const definition = plainCommand('tunicorn top')
    .usage('[options]')
    .description('Shows a running server of yours, again every second, and takes orders by key.')
    .option('--control <PATH>', 'control socket of the server; needed when several run')
  const help = parsePlain(definition, args)
  const { control } = definition.opts<{ readonly control?: string }>()
  return { control, help: help === undefined ? undefined : help + keys }
}
