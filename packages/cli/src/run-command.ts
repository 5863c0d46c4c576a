/** Runs the command, from its arguments to its exit code. */
import { exitCodeFor, exitCodes } from '@tunicorn/arbiter/internal'
import { parseArguments } from './arguments.js'
import { checkConfig } from './check-config.js'
import { withCommandHint } from './command-hint.js'
import { commandInput, configSource } from './config-source.js'
import type { TerminalProcess } from './console/command-process.js'
import { errorMessage } from './console/messages.js'
import { printConfig } from './print-config.js'
import { runServer } from './run-server.js'
import { versionLine } from './version.js'

/** Runs the command and resolves with its exit code when everything has ended. Reports errors and never rejects. */
export async function runCommand(args: readonly string[], command: TerminalProcess): Promise<number> {
  try {
    return await run(args, command)
  } catch (thrown) {
    const error = await withCommandHint(thrown, args)
    command.stderr.write(await errorMessage(error, command.stderr.isTTY === true))
    return exitCodeFor(error)
  }
}

async function run(args: readonly string[], command: TerminalProcess): Promise<number> {
  const [subcommand, ...rest] = args
  if (subcommand === 'classes') {
    const { listClasses } = await import('./list-classes.js')
    return listClasses(rest, command)
  }
  if (subcommand === 'ctl') {
    const { runCtl } = await import('./ctl/run-ctl.js')
    return runCtl(rest, command)
  }
  if (subcommand === 'top') {
    const { runTop } = await import('./top/run-top.js')
    return runTop(rest, command)
  }
  if (subcommand === 'import') {
    const { runImport } = await import('./import/run-import.js')
    return runImport(rest, command)
  }
  const { action, flags, help } = parseArguments(args)
  switch (action) {
    case 'help':
      command.stdout.write(help())
      return exitCodes.ok
    case 'version':
      command.stdout.write(versionLine())
      return exitCodes.ok
    case 'print-config':
      command.stdout.write(printConfig(await (await configSource(flags, command)).load()))
      return exitCodes.ok
    case 'check-config':
      await checkConfig(await configSource(flags, command))
      command.stdout.write('Configuration OK\n')
      return exitCodes.ok
    case 'run':
      return runServer(await commandInput(flags, command), command)
  }
}
