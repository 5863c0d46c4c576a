/** Reads the command line of a command without subcommands, such as `tunicorn classes`. */
import { TunicornError } from '@tunicorn/arbiter/internal'
import { Command, CommanderError } from 'commander'

/** The caller adds its options and arguments. `--help` is an option like any other. */
export function plainCommand(name: string): Command {
  return new Command(name)
    .option('-h, --help', 'print this help')
    .helpOption(false)
    .exitOverride()
    .allowExcessArguments(false)
    .configureOutput({ writeErr: () => {}, getOutHelpWidth: () => 80 })
}

/** Reads a command line, and returns the help if that was asked for. @throws TunicornError `CONFIG_INVALID` */
export function parsePlain(command: Command, args: readonly string[]): string | undefined {
  try {
    command.parse([...args], { from: 'user' })
  } catch (cause) {
    throw cause instanceof CommanderError ? commandProblem(command, cause) : cause
  }
  return command.opts<{ readonly help?: boolean }>().help === true ? command.helpInformation() : undefined
}

/** What is wrong with a command line, in one sentence that names the command. */
export function commandProblem(command: Command, cause: CommanderError): TunicornError {
  const what = cause.message.replace(/^error: /, '').replaceAll('\n', ' ')
  return new TunicornError('CONFIG_INVALID', `\`${command.name()}\`: ${what}`, { cause })
}
