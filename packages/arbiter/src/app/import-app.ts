/** Imports an app's module, whatever language it is written in. */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { types } from 'node:util'
import { TunicornError } from '../errors.js'
import { isRecord } from '../is-record.js'
import { esModuleHint } from '../modules/es-module-hint.js'
import { member } from './kind.js'

/** The exports of a module, by name. */
export type AppModule = Readonly<Record<string, unknown>>

export interface ModuleSource {
  readonly url: string
  readonly specifier: string
  /** If it ends in `()`, it names a function that creates the app. Empty: `default`, else `app`. */
  readonly exportName: string
}

/**
 * Returns the module's exports, with those resolved that may be the app: a function that is named with `()` is called, a promise
 * is awaited.
 *
 * @throws TunicornError `APP_NOT_FOUND`, `APP_LOAD_FAILED`
 */
export async function importApp(source: ModuleSource): Promise<AppModule> {
  const module = await importModule(source)
  try {
    return await settled(made(module, source.exportName), source.exportName)
  } catch (cause) {
    throw await loadFailed(source, cause)
  }
}

/** Adds the result of the function, under the name that includes `()`. */
function made(module: AppModule, exportName: string): AppModule {
  if (!exportName.endsWith('()')) return module
  const name = exportName.slice(0, -'()'.length)
  const make = [module[name], member(module.default, name)].find(value => typeof value === 'function')
  return typeof make === 'function' ? { ...module, [exportName]: Reflect.apply(make, undefined, []) } : module
}

/** Awaits only real promises: a Fastify instance also has a `then`, and is already an app. */
async function settled(module: AppModule, exportName: string): Promise<AppModule> {
  const names = exportName === '' ? ['default', 'app'] : [exportName, 'default']
  const found: Record<string, unknown> = { ...module }
  for (const name of names) if (types.isPromise(found[name])) found[name] = await found[name]
  for (const name of names) {
    const inner = member(found.default, name)
    if (types.isPromise(inner) && isRecord(found.default))
      found.default = { ...found.default, [name]: await inner }
  }
  return found
}

async function importModule(source: ModuleSource): Promise<AppModule> {
  if (source.url.startsWith('file:') && !existsSync(fileURLToPath(source.url)))
    throw new TunicornError(
      'APP_NOT_FOUND',
      `The app \`${source.specifier}\` was not found at ${fileURLToPath(source.url)}`,
    )
  try {
    const module: unknown = await (isTypeScript(source.url)
      ? importTypeScript(source.url)
      : import(source.url))
    return typeof module === 'object' && module !== null ? { ...module } : { default: module }
  } catch (cause) {
    throw await loadFailed(source, cause)
  }
}

async function loadFailed(source: ModuleSource, cause: unknown): Promise<TunicornError> {
  const { locateSyntaxError } = await import('./locate-syntax-error.js')
  const place = await locateSyntaxError(cause, source.url)
  if (place !== undefined && cause instanceof Error) cause.stack = `${place}\n\n${cause.stack}`
  const what = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)
  const where = place === undefined ? '' : ` (${place.split('\n')[0]})`
  return new TunicornError(
    'APP_LOAD_FAILED',
    `The app \`${source.specifier}\` could not be loaded: ${what}${where}${esModuleHint(cause)}`,
    { cause },
  )
}

const isTypeScript = (url: string): boolean => /\.(?:[cm]?ts|tsx|jsx)$/.test(new URL(url).pathname)

/** Node 20 cannot import TypeScript. One loader for every version gives the same behaviour everywhere. */
async function importTypeScript(url: string): Promise<unknown> {
  const { createJiti } = await import('jiti')
  return createJiti(url, { fsCache: false, interopDefault: false, tryNative: false }).import(
    fileURLToPath(url),
  )
}
