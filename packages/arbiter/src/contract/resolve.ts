/** From the name of a worker class to the class itself, as the user's project has it installed. */
import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { TunicornError } from '../errors.js'
import { didYouMean } from '../modules/closest-name.js'
import { resolvePackage } from '../modules/resolve-package.js'
import { readVersion } from '../version.js'
import { installedWorkerClasses } from './installed.js'
import { parseWorkerClass } from './validate.js'
import { versionProblems } from './version-fit.js'
import type { AnyWorkerClass } from './worker-class.js'

/** A worker class and the module that a worker process imports. */
export interface ResolvedWorkerClass {
  /** `file:` URL. */
  readonly url: string
  readonly definition: AnyWorkerClass
  /** What does not fit although the contract does, for example the versions of packages. */
  readonly warnings: readonly string[]
}

/** The names that Gunicorn's users type. */
const aliases: ReadonlyMap<string, string> = new Map([
  ['gevent', 'event-loop'],
  ['eventlet', 'event-loop'],
  ['gthread', 'thread-pool'],
  ['uvicorn', 'asgi'],
  ['uvicorn.workers.UvicornWorker', 'asgi'],
])

/** Worker classes of this project, published as `@tunicorn/worker-NAME`. */
const ownNames = ['sync', 'event-loop', 'thread-pool', 'asgi']

/**
 * Resolves and imports a worker class.
 *
 * @param name a short name, an alias, a package, a path relative to `directory` or a `file:` URL; empty: the only
 * class that the project has installed
 * @param version of this arbiter
 * @throws TunicornError `WORKER_CLASS_NOT_FOUND`, `WORKER_CLASS_INVALID`
 */
export async function resolveWorkerClass(
  name: string,
  directory: string,
  version: string = readVersion(),
): Promise<ResolvedWorkerClass> {
  const { name: chosen, note } = name === '' ? chooseWorkerClass(directory) : { name, note: [] }
  const url = locateWorkerClass(aliases.get(chosen) ?? chosen, directory)
  const warnings = await versionProblems(url, version)
  try {
    const definition = parseWorkerClass(await importModule(url, chosen), chosen)
    return { url, definition, warnings: [...note, ...warnings] }
  } catch (error) {
    // Versions that do not fit are the likeliest reason, and the only one that the user can do something about.
    if (warnings.length === 0 || !(error instanceof TunicornError)) throw error
    throw new TunicornError(error.code, [error.message, ...warnings].join('. '), { cause: error.cause })
  }
}

/** The class to use when none was named. What the project declares goes before what is merely there. */
function chooseWorkerClass(directory: string): { readonly name: string; readonly note: readonly string[] } {
  const installed = installedWorkerClasses(directory)
  const declared = installed.filter(candidate => candidate.isDeclared)
  const candidates = declared.length > 0 ? declared : installed
  const [first, ...others] = candidates
  if (first === undefined)
    throw new TunicornError(
      'WORKER_CLASS_NOT_FOUND',
      'No worker class is installed. Run: npm install @tunicorn/worker-event-loop',
    )
  if (others.length === 0) return { name: first.packageName, note: [] }
  const sync = candidates.find(candidate => candidate.name === 'sync')
  if (sync !== undefined) {
    const rest = namesOf(candidates.filter(candidate => candidate !== sync))
    const note = `No worker class was named, and several are installed: \`sync\` is taken before ${rest}. Name one with \`workerClass\` (--worker-class)`
    return { name: sync.packageName, note: [note] }
  }
  throw new TunicornError(
    'WORKER_CLASS_NOT_FOUND',
    `Several worker classes are installed: ${namesOf(candidates)}. Choose one with \`workerClass\` (--worker-class)`,
  )
}

function locateWorkerClass(name: string, directory: string): string {
  if (/^(\.{0,2}\/|file:)/.test(name)) return locateFile(name, directory)
  for (const packageName of packageNames(name)) {
    const resolution = resolvePackage(packageName, directory)
    if (resolution.type === 'found') return resolution.url
    if (resolution.type === 'broken')
      throw new TunicornError(
        'WORKER_CLASS_INVALID',
        `Worker class "${name}" cannot be loaded: the package \`${packageName}\` ${resolution.problem}`,
      )
  }
  throw notInstalled(name, directory)
}

function locateFile(name: string, directory: string): string {
  const url = name.startsWith('file:') ? name : pathToFileURL(resolve(directory, name)).href
  if (isFile(url)) return url
  throw new TunicornError(
    'WORKER_CLASS_NOT_FOUND',
    `Worker class "${name}" was not found: there is no file ${url.replace('file://', '')}`,
  )
}

function isFile(url: string): boolean {
  try {
    return statSync(new URL(url)).isFile()
  } catch {
    // Not there, or not the URL of a file.
    return false
  }
}

/** Packages to look for, in order. One of our own names never means an unrelated package of that name. */
function packageNames(name: string): readonly string[] {
  if (ownNames.includes(name)) return [`@tunicorn/worker-${name}`]
  if (name.includes('/')) return [name]
  return [`@tunicorn/worker-${name}`, `tunicorn-worker-${name}`, name]
}

function notInstalled(name: string, directory: string): TunicornError {
  if (ownNames.includes(name))
    return new TunicornError(
      'WORKER_CLASS_NOT_FOUND',
      `Worker class "${name}" is not installed. Run: npm install @tunicorn/worker-${name}`,
    )
  const installed = installedWorkerClasses(directory)
  const known = [...installed.map(candidate => candidate.name), ...ownNames]
  const listed = installed.length === 0 ? '' : `. Installed: ${namesOf(installed)}`
  return new TunicornError(
    'WORKER_CLASS_NOT_FOUND',
    `Worker class "${name}" is not installed: no package ${packageNames(name).join(' or ')} can be found from ${directory}${listed}${didYouMean(name, known)}`,
  )
}

function namesOf(classes: readonly { readonly name: string }[]): string {
  return classes.map(candidate => candidate.name).join(', ')
}

async function importModule(url: string, name: string): Promise<unknown> {
  try {
    const module: unknown = await import(url)
    return module
  } catch (cause) {
    const what = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)
    throw new TunicornError('WORKER_CLASS_INVALID', `Worker class "${name}" cannot be loaded: ${what}`, {
      cause,
    })
  }
}
