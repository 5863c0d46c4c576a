/** Imports the app. Runs in a worker process (or a thread of it), never in the arbiter. */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { AppKind, LoadedApp } from '../contract/worker-class.js'
import { describeValue } from '../describe-value.js'
import { TunicornError } from '../errors.js'
import { esModuleHint } from '../modules/es-module-hint.js'
import { alreadyListening, detectKind, fitsKind, isDetectable, isListening } from './kind.js'
import { ownProtocols } from './own-protocols.js'

export interface AppSource {
  readonly url: string
  /** Empty: `default`, else `app`. */
  readonly exportName: string
  readonly kind: AppKind | 'auto'
  /** As the user wrote it, for messages. */
  readonly specifier: string
}

/**
 * Imports the module and finds the app in it.
 *
 * @throws TunicornError `APP_NOT_FOUND`, `APP_LOAD_FAILED`, `APP_EXPORT_MISSING`, `APP_NOT_USABLE`,
 * `APP_KIND_UNSUPPORTED`
 */
export async function loadApp(given: AppSource, appKinds: readonly AppKind[]): Promise<LoadedApp> {
  const source = { ...given, kind: given.kind === 'auto' ? onlyKind(appKinds) : given.kind }
  // A kind that was named is refused before any code of the app runs.
  if (source.kind !== 'auto') requireSupported(source.kind, source, appKinds)
  const module = await importModule(source)
  const app = source.kind === 'auto' ? findApp(module, source) : findAppOfKind(module, source, source.kind)
  requireSupported(app.kind, source, appKinds)
  // A server that was told to listen on a host does so a turn later.
  await new Promise(resolve => setImmediate(resolve))
  if (isListening(app.value)) throw notUsable(source, alreadyListening)
  return app
}

/** The kind of a worker class that has one of its own: nothing else could be meant, and only the class can judge it. */
function onlyKind(appKinds: readonly AppKind[]): AppKind | 'auto' {
  const [kind, ...others] = appKinds
  return kind === undefined || others.length > 0 || isDetectable(kind) ? 'auto' : kind
}

function requireSupported(kind: AppKind, source: AppSource, appKinds: readonly AppKind[]): void {
  if (appKinds.includes(kind)) return
  throw new TunicornError(
    'APP_KIND_UNSUPPORTED',
    `The app \`${source.specifier}\` is of kind \`${kind}\`, but the worker class runs ${appKinds.join(', ')}. Choose another worker class, or set \`appKind\` if the kind is wrong`,
  )
}

async function importModule(source: AppSource): Promise<Readonly<Record<string, unknown>>> {
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
    const { locateSyntaxError } = await import('./locate-syntax-error.js')
    const place = await locateSyntaxError(cause, source.url)
    if (place !== undefined && cause instanceof Error) cause.stack = `${place}\n\n${cause.stack}`
    const what = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)
    const where = place === undefined ? '' : ` (${place.split('\n')[0]})`
    throw new TunicornError(
      'APP_LOAD_FAILED',
      `The app \`${source.specifier}\` could not be loaded: ${what}${where}${esModuleHint(cause)}`,
      { cause },
    )
  }
}

const isTypeScript = (url: string): boolean => /\.(?:[cm]?ts|tsx|jsx)$/.test(new URL(url).pathname)

/** Node 20 cannot import TypeScript; one loader for every version gives one behaviour. */
async function importTypeScript(url: string): Promise<unknown> {
  const { createJiti } = await import('jiti')
  return createJiti(url, { fsCache: false, interopDefault: false, tryNative: false }).import(
    fileURLToPath(url),
  )
}

/** Where the app may be, in order. A CommonJS module, and TypeScript compiled to one, is inside `default`. */
function candidates(module: Readonly<Record<string, unknown>>, exportName: string): readonly unknown[] {
  const inner = module.default
  const nested: Readonly<Record<string, unknown>> =
    (typeof inner === 'object' && inner !== null) || typeof inner === 'function' ? { ...inner } : {}
  const names = exportName === '' ? ['default', 'app'] : [exportName]
  return [...names.map(name => module[name]), ...names.map(name => nested[name])].filter(
    value => value !== undefined,
  )
}

function requireCandidates(module: Readonly<Record<string, unknown>>, source: AppSource): readonly unknown[] {
  const found = candidates(module, source.exportName)
  if (found.length > 0) return found
  const names = Object.keys(module).filter(name => name !== 'module.exports')
  const wanted = source.exportName === '' ? '`default` nor `app`' : `\`${source.exportName}\``
  const exports = names.length === 0 ? 'it exports nothing' : `it exports ${names.join(', ')}`
  throw new TunicornError(
    'APP_EXPORT_MISSING',
    `The app module \`${source.specifier}\` exports ${source.exportName === '' ? 'neither' : 'no'} ${wanted}: ${exports}`,
  )
}

function findApp(module: Readonly<Record<string, unknown>>, source: AppSource): LoadedApp {
  let problem = ''
  for (const value of requireCandidates(module, source)) {
    requirePlain(value, source)
    const found = detectKind(value)
    if ('kind' in found) return { kind: found.kind, value }
    problem ||= found.problem
  }
  throw notUsable(source, problem)
}

function findAppOfKind(
  module: Readonly<Record<string, unknown>>,
  source: AppSource,
  kind: AppKind,
): LoadedApp {
  const found = requireCandidates(module, source)
  const value = found.find(candidate => fitsKind(candidate, kind))
  if (value === undefined)
    throw notUsable(source, `it is ${describeValue(found[0])}, not an app of kind \`${kind}\``)
  if (kind === 'node') requirePlain(value, source)
  return {
    kind,
    value: kind === 'fetch' && typeof value === 'function' && !('fetch' in value) ? { fetch: value } : value,
  }
}

/** An app that exports one wants nothing of it in plain text, nor another export in its place. */
function requirePlain(value: unknown, { specifier }: AppSource): void {
  const protocols = ownProtocols(value)
  if (protocols === undefined) return
  throw new TunicornError(
    'APP_NOT_USABLE',
    `The app \`${specifier}\` brings its own ${protocols}, which Tunicorn does not serve yet: export it without, and let a proxy in front of Tunicorn terminate ${protocols}`,
  )
}

function notUsable(source: AppSource, problem: string): TunicornError {
  const what = source.exportName === '' ? 'The export' : `The export \`${source.exportName}\``
  return new TunicornError(
    'APP_NOT_USABLE',
    `${what} of \`${source.specifier}\` is not an app: ${problem}. An app is a \`(req, res)\` function, an \`http.Server\` that is not listening, an object with a \`fetch\` method, or a \`(scope, receive, send)\` function`,
  )
}
