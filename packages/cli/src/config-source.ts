/** Makes the source of the arbiter's configuration from the flags and those in the environment. */
import type { ConfigSource } from '@tunicorn/arbiter'
import {
  type CommandInput,
  createConfigSource,
  type Flags,
  logicalDirectory,
  TunicornError,
} from '@tunicorn/arbiter/internal'
import { parseEnvironmentFlags } from './arguments.js'
import type { CommandProcess } from './console/command-process.js'

/** The configuration of this command line. If the directory is reached through a link, a reload follows the link again. */
export async function configSource(flags: Flags, command: CommandProcess): Promise<ConfigSource> {
  return createConfigSource(await commandInput(flags, command))
}

/** Everything that a configuration is made from, split but not checked. @throws TunicornError `CONFIG_INVALID` */
export async function commandInput(flags: Flags, { env, cwd }: CommandProcess): Promise<CommandInput> {
  const text = env.TUNICORN_CMD_ARGS ?? ''
  const environmentFlags = text.trim() === '' ? undefined : await splitEnvironmentFlags(text)
  return { flags, environmentFlags, env, cwd: logicalDirectory(cwd(), env.PWD) }
}

async function splitEnvironmentFlags(text: string): Promise<Flags> {
  requireClosedQuotes(text)
  const { parseArgsStringToArgv } = await import('string-argv')
  return parseEnvironmentFlags(parseArgsStringToArgv(text))
}

/** The splitter ignores an unpaired quote, so a value would end at its first space. */
function requireClosedQuotes(text: string): void {
  const [quote] = /['"]/.exec(text.replaceAll(/'[^']*'|"[^"]*"/g, '')) ?? []
  if (quote === undefined) return
  throw new TunicornError(
    'CONFIG_INVALID',
    `A quote in TUNICORN_CMD_ARGS is not closed: one more \`${quote}\` is missing in \`${text}\`. A quote that is meant as a character goes between quotes of the other kind`,
  )
}
