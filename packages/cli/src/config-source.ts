/** From the flags, and those in the environment, to where the arbiter gets its configuration. */
import type { ConfigSource } from '@tunicorn/arbiter'
import { createConfigSource, type Flags, logicalDirectory } from '@tunicorn/arbiter/internal'
import { parseEnvironmentFlags } from './arguments.js'
import type { CommandProcess } from './command-process.js'

/** The configuration of this command line. A directory that is reached through a link is followed anew on a reload. */
export async function configSource(flags: Flags, { env, cwd }: CommandProcess): Promise<ConfigSource> {
  const text = env.TUNICORN_CMD_ARGS ?? ''
  const environmentFlags = text.trim() === '' ? undefined : await splitEnvironmentFlags(text)
  return createConfigSource({ flags, environmentFlags, env, cwd: logicalDirectory(cwd(), env.PWD) })
}

async function splitEnvironmentFlags(text: string): Promise<Flags> {
  const { parseArgsStringToArgv } = await import('string-argv')
  return parseEnvironmentFlags(parseArgsStringToArgv(text))
}
