/** Finds and reads the config file, evaluating it again every time. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { extname, join, relative, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { TunicornError } from '../errors.js'
import { esModuleHint } from './es-module-hint.js'

/** A config file that has been read. */
export interface ConfigFile {
  readonly path: string
  /** For messages: relative to the directory that was searched, unless it lies outside. */
  readonly name: string
  /** Its export, or the result of the function that it exports. Not checked. */
  readonly value: unknown
}

/** Names of config files, in order of preference. */
const configFileNames = ['ts', 'mts', 'js', 'mjs', 'json'].map(extension => `tunicorn.config.${extension}`)

/** Config files in `directory`. The first one is used. */
export function findConfigFiles(directory: string): readonly string[] {
  return configFileNames.filter(name => existsSync(join(directory, name)))
}

/**
 * The limit for reading a config file, including everything that it awaits. Without it, a promise that never settles would end a
 * process that is starting and has nothing else to do, and would block every later reload of a running one.
 */
const readLimitMs = 60_000

/**
 * Reads a config file: the object that it exports, or what the function that it exports returns.
 *
 * The file is evaluated again every time, and so is TypeScript that it imports. JavaScript that it imports stays in Node's own
 * module cache.
 *
 * @param name relative to `directory`
 * @throws TunicornError `CONFIG_NOT_FOUND`, or `CONFIG_LOAD_FAILED`, also when it takes longer than `limitMs`
 */
export async function readConfigFile(
  name: string,
  directory: string,
  limitMs: number = readLimitMs,
): Promise<ConfigFile> {
  const path = resolve(directory, name)
  const short = shortName(path, directory)
  if (!statSync(path, { throwIfNoEntry: false })?.isFile())
    throw new TunicornError(
      'CONFIG_NOT_FOUND',
      `The config file \`${name}\` was not found: there is no file ${path}`,
    )
  return within(limitMs, readValue(path, short), short)
}

async function readValue(path: string, short: string): Promise<ConfigFile> {
  try {
    const exported = await readExport(path)
    const value: unknown = typeof exported === 'function' ? await exported() : exported
    return { path, name: short, value }
  } catch (cause) {
    const what = cause instanceof Error ? `${cause.name}: ${cause.message.trim()}` : String(cause)
    throw new TunicornError(
      'CONFIG_LOAD_FAILED',
      `The config file ${short} could not be loaded: ${what}${placeIn(path, short, cause)}${esModuleHint(cause)}`,
      { cause },
    )
  }
}

/** Where in the file the error was thrown, if the stack shows it. */
function placeIn(path: string, short: string, error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? '') : ''
  const found = stack.split('\n').find(line => line.includes(path))
  const line = found && /^(?:\?read=\d+)?:(\d+)/.exec(found.slice(found.indexOf(path) + path.length))?.[1]
  return line === undefined ? '' : `, at ${short}:${line}`
}

/** The timer also keeps a starting process alive while it waits. */
async function within(limitMs: number, reading: Promise<ConfigFile>, short: string): Promise<ConfigFile> {
  let timer: NodeJS.Timeout | undefined
  const tooLong = new Promise<never>((_resolve, reject) => {
    const message = `The config file ${short} was not read within ${limitMs / 1_000} s: it, or the function that it exports, awaits something that does not come. Give that a time limit of its own, or take it out`
    timer = setTimeout(() => reject(new TunicornError('CONFIG_LOAD_FAILED', message)), limitMs)
  })
  try {
    return await Promise.race([reading, tooLong])
  } finally {
    clearTimeout(timer)
  }
}

function shortName(path: string, directory: string): string {
  const short = relative(directory, path)
  return short.startsWith('..') ? path : short
}

async function readExport(path: string): Promise<unknown> {
  const extension = extname(path)
  if (extension === '.json') return JSON.parse(readFileSync(path, 'utf8'))
  const module = await (/^\.[cm]?tsx?$/.test(extension) ? importTypeScript(path) : importFresh(path))
  if (typeof module !== 'object' || module === null) return module
  if ('default' in module) return module.default
  // TypeScript with `module.exports`. Compiled ESM has the marker instead.
  if (extension.endsWith('cts') && !('__esModule' in module)) return module
  throw new TypeError('it has no default export; write `export default defineConfig({ … })`')
}

/** Node's cache of ESM is keyed by URL, so a new URL is evaluated again. The CommonJS cache is keyed by path. */
async function importFresh(path: string): Promise<unknown> {
  delete createRequire(path).cache[path]
  const module: unknown = await import(`${pathToFileURL(path).href}?read=${process.hrtime.bigint()}`)
  return module
}

/** Node 20 cannot import TypeScript. The loader is loaded only when needed: it would double the start-up time of the command. */
async function importTypeScript(path: string): Promise<unknown> {
  const { createJiti } = await import('jiti')
  const jiti = createJiti(pathToFileURL(path).href, {
    moduleCache: false,
    fsCache: false,
    interopDefault: false,
  })
  return jiti.import(path)
}
