/** `tunicorn import FILE`: prints a config file that has the effect of another server's configuration. */
import { readFileSync } from 'node:fs'
import { basename, extname, resolve } from 'node:path'
import { exitCodes, logicalDirectory, readConfigFile, TunicornError } from '@tunicorn/arbiter/internal'
import type { CommandProcess } from '../console/command-process.js'
import { parsePlain, plainCommand } from '../console/plain-command.js'
import { configText } from './config-text.js'
import { fromGunicorn } from './from-gunicorn.js'
import { fromPm2 } from './from-pm2.js'
import type { ImportedConfig } from './imported.js'

/**
 * Runs `tunicorn import ARGS` and resolves with its exit code.
 *
 * @throws TunicornError `CONFIG_INVALID`, `CONFIG_NOT_FOUND`, `CONFIG_LOAD_FAILED`
 */
export async function runImport(args: readonly string[], command: CommandProcess): Promise<number> {
  const { file, help } = parse(args)
  if (file === undefined) {
    command.stdout.write(help ?? '')
    return exitCodes.ok
  }
  const directory = logicalDirectory(command.cwd(), command.env.PWD)
  command.stdout.write(configText(await read(file, directory), basename(file)))
  return exitCodes.ok
}

async function read(file: string, directory: string): Promise<ImportedConfig> {
  if (extname(file) === '.py') return fromGunicorn(readText(resolve(directory, file)))
  return fromPm2((await readConfigFile(file, directory)).value)
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new TunicornError('CONFIG_NOT_FOUND', `The file cannot be read: ${why}`, { cause })
  }
}

function parse(args: readonly string[]): { readonly file?: string; readonly help?: string } {
  const definition = plainCommand('tunicorn import')
    .usage('[options] <file>')
    .description(
      'Prints a tunicorn.config.ts for an ecosystem file of PM2 (.js, .cjs, .mjs, .json), or for the simple assignments of a gunicorn.conf.py.',
    )
    .argument('[file]', 'ecosystem.config.js or gunicorn.conf.py')
  const help = parsePlain(definition, args)
  if (help !== undefined) return { help }
  const [file] = definition.args
  if (file !== undefined) return { file }
  throw new TunicornError(
    'CONFIG_INVALID',
    '`tunicorn import`: name the file: ecosystem.config.js or gunicorn.conf.py',
  )
}
