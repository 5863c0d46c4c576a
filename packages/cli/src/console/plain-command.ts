/** A command of ours without commands of its own, such as `tunicorn classes`: how its line is read. */
import { TunicornError } from '@tunicorn/arbiter/internal'
import { Command, CommanderError } from 'commander'

/** Its options and arguments are the caller's to add. `--help` is an option like any other. */
export function plainCommand(name: string): Command {
  return new Command(name)
    .option('-h, --help', 'print this help')
    .helpOption(false)
    .exitOverride()
    .allowExcessArguments(false)
    .configureOutput({ writeErr: () => {}, getOutHelpWidth: () => 80 })
}

/** Reads a line, and gives the help if that is what it asks for. @throws TunicornError `CONFIG_INVALID` */
export function parsePlain(command: Command, args: readonly string[]): string | undefined {
  try {
    command.parse([...args], { from: 'user' })
  } catch (cause) {
    throw cause instanceof CommanderError ? commandProblem(command, cause) : cause
  }
  return command.opts<{ readonly help?: boolean }>().help === true ? command.helpInformation() : undefined
}

/** What is wrong with a line, in one sentence that names the command. */
export function commandProblem(command: Command, cause: CommanderError): TunicornError {
  const what = cause.message.replace(/^error: /, '').replaceAll('\n', ' ')
  return new TunicornError('CONFIG_INVALID', `\`${command.name()}\`: ${what}`, { cause })
}
