/** From the flags, and those in the environment, to where the arbiter gets its configuration. */
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

/** The configuration of this command line. A directory that is reached through a link is followed again on a reload. */
export async function configSource(flags: Flags, command: CommandProcess): Promise<ConfigSource> {
  return createConfigSource(await commandInput(flags, command))
}

/** All that a configuration is made from, split and not judged. @throws TunicornError `CONFIG_INVALID` */
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

/** What splits the text takes no notice of a quote without a partner, and a value would end at its first space. */
function requireClosedQuotes(text: string): void {
  const [quote] = /['"]/.exec(text.replaceAll(/'[^']*'|"[^"]*"/g, '')) ?? []
  if (quote === undefined) return
  throw new TunicornError(
    'CONFIG_INVALID',
    `A quote in TUNICORN_CMD_ARGS is not closed: one more \`${quote}\` is missing in \`${text}\`. A quote that is meant as a character goes between quotes of the other kind`,
  )
}
