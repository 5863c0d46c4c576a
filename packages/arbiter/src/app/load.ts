/** Imports the app. Runs in a worker process (or a thread of it), never in the arbiter. */

import type { AppAdoption } from '../contract/adoption.js'
import type { AppKind, LoadedApp } from '../contract/worker-class.js'
import { describeValue } from '../describe-value.js'
import { TunicornError } from '../errors.js'
import { isRecord } from '../is-record.js'
import { FastifyInstances } from './fastify-instances.js'
import { type AppModule, importApp } from './import-app.js'
import {
  alreadyListening,
  detectKind,
  fitsKind,
  givesListener,
  isDetectable,
  isListening,
  isServer,
} from './kind.js'
import { ListenInterception, serves } from './listen-interception.js'
import { LoadingApp } from './loading-app.js'
import { ownProtocols } from './own-protocols.js'
import { shutdownOf } from './shutdown-of.js'

export interface AppSource {
  readonly url: string
  /** Empty: `default`, else `app`. */
  readonly exportName: string
  readonly kind: AppKind | 'auto'
  /** As the user wrote it, for messages. */
  readonly specifier: string
  /** Name of the worker class, for messages. */
  readonly workerClass?: string | undefined
  /** Absent: an app that itself calls `listen` does so on its own. */
  readonly adoption?: AppAdoption | undefined
}

/**
 * Imports the module and finds the app: its export or, with an `adoption`, the HTTP server that listens.
 *
 * @throws TunicornError `APP_NOT_FOUND`, `APP_LOAD_FAILED`, `APP_EXPORT_MISSING`, `APP_NOT_USABLE`, `APP_KIND_UNSUPPORTED`,
 * `BIND_FAILED`
 */
export async function loadApp(given: AppSource, appKinds: readonly AppKind[]): Promise<LoadedApp> {
  const source = { ...given, kind: given.kind === 'auto' ? onlyKind(appKinds) : given.kind }
  // If the kind was named, it is refused before any code of the app runs.
  if (source.kind !== 'auto') requireSupported(source.kind, source, appKinds)
  const adoption = appKinds.includes('node') ? source.adoption : undefined
  const app = adoption
    ? await exportOrServer(source, adoption, appKinds)
    : exportedApp(await importApp(source), source, appKinds)
  requireSupported(app.kind, source, appKinds)
  // A server that listens at a host name begins to listen one turn later.
  await new Promise(resolve => setImmediate(resolve))
  if (isListening(app.value)) throw notUsable(source, alreadyListening)
  return app
}

function exportedApp(module: AppModule, source: AppSource, appKinds: readonly AppKind[]): LoadedApp {
  return withShutdown(chooseApp(module, source, appKinds), module)
}

function withShutdown(app: LoadedApp, module: AppModule): LoadedApp {
  const shutdown = shutdownOf(module)
  return shutdown === undefined ? app : { ...app, shutdown }
}

function chooseApp(module: AppModule, source: AppSource, appKinds: readonly AppKind[]): LoadedApp {
  return source.kind === 'auto'
    ? findApp(module, source, appKinds)
    : findAppOfKind(module, source, source.kind)
}

/** If the user names an export, that is the app even when a server listens. Without a name, the server is the app. */
async function exportOrServer(
  source: AppSource,
  adoption: AppAdoption,
  appKinds: readonly AppKind[],
): Promise<LoadedApp> {
  const instances = new FastifyInstances()
  const interception = new ListenInterception(adoption, source.specifier)
  const loading = new LoadingApp(source, { interception, adoption })
  const module = await loading.module()
  const isNamed = source.exportName !== '' || (source.kind !== 'auto' && source.kind !== 'node')
  const exported = attempt(() => chooseApp(module, source, appKinds))
  // If an exported server is unusable, another server does not make up for it.
  const isServerWrong = candidates(module, source.exportName).some(value => isServer(value))
  if ('error' in exported && isServerWrong) throw exported.error
  if ('error' in exported && !isNamed) await loading.listens()
  const { app: server } = interception
  if ('error' in exported && (isNamed || !server))
    throw isNamed ? exported.error : withBothWays(exported.error, interception.isLeftAlone)
  const isExport = 'value' in exported && (!server || (isNamed && !serves(server, exported.value.value)))
  if (server && !isExport) requirePlain(server, source)
  if (isExport) interception.useExport(exported.value.value)
  await loading.settled()
  if (isExport || !server) return withShutdown(attempted(exported), module)
  // An app object that owns the server knows more than the server, such as how to close the app.
  if ('value' in exported && givesListener(exported.value.value) && serves(server, exported.value.value))
    return withShutdown(exported.value, module)
  return withShutdown({ kind: 'node', value: instances.of(server) ?? server }, module)
}

type Attempt<Value> = { readonly value: Value } | { readonly error: unknown }

function attempted<Value>(attempt: Attempt<Value>): Value {
  if ('error' in attempt) throw attempt.error
  return attempt.value
}

function attempt<Value>(make: () => Value): Attempt<Value> {
  try {
    return { value: make() }
  } catch (error) {
    return { error }
  }
}

function withBothWays(error: unknown, isLeftAlone: boolean): unknown {
  if (!(error instanceof TunicornError)) return error
  const other = isLeftAlone ? ' A server that listens at port 0 or at a path is left alone.' : ''
  return new TunicornError(
    error.code,
    `${error.message.replace(/\.$/, '')}. And it listens at no port: an app either exports what serves requests, as in \`export default app\`, or calls \`listen\` of an HTTP server within \`bootTimeout\`.${other}`,
    { cause: error.cause },
  )
}

/** If a worker class has only a kind of its own, nothing else can be meant, and only the class can judge the app. */
function onlyKind(appKinds: readonly AppKind[]): AppKind | 'auto' {
  const [kind, ...others] = appKinds
  return kind === undefined || others.length > 0 || isDetectable(kind) ? 'auto' : kind
}

function requireSupported(kind: AppKind, source: AppSource, appKinds: readonly AppKind[]): void {
  if (appKinds.includes(kind)) return
  throw new TunicornError(
    'APP_KIND_UNSUPPORTED',
    `The app \`${source.specifier}\` is of kind \`${kind}\`, but the worker class${nameOf(source)} runs ${appKinds.join(', ')}. ${adviceFor(kind)}, or set \`appKind\` if the kind is wrong`,
  )
}

function nameOf({ workerClass }: AppSource): string {
  return workerClass === undefined ? '' : ` "${workerClass}"`
}

/** The worker class to suggest for each kind. */
const classOfKind: ReadonlyMap<AppKind, string> = new Map([
  ['node', 'event-loop'],
  ['fetch', 'event-loop'],
  ['asgi', 'asgi'],
])

function adviceFor(kind: AppKind): string {
  const name = classOfKind.get(kind)
  if (name === undefined) return 'Choose another worker class'
  return `For apps of kind \`${kind}\`: npm install @tunicorn/worker-${name}, and \`workerClass: '${name}'\``
}

/** Where the app may be, in order of preference. The exports of CommonJS, or of TypeScript compiled to it, are inside `default`. */
function candidates(module: AppModule, exportName: string): readonly unknown[] {
  const inner = module.default
  const nested: AppModule =
    (typeof inner === 'object' && inner !== null) || typeof inner === 'function' ? { ...inner } : {}
  const names = exportName === '' ? ['default', 'app'] : [exportName]
  return [...names.map(name => module[name]), ...names.map(name => nested[name])].filter(
    value => value !== undefined,
  )
}

function requireCandidates(module: AppModule, source: AppSource): readonly unknown[] {
  const found = candidates(module, source.exportName).filter(value => !isNothing(value))
  if (found.length > 0) return found
  const names = Object.entries(module).flatMap(([name, value]) =>
    name === 'module.exports' || isNothing(value) ? [] : [name],
  )
  const wanted = source.exportName === '' ? '`default` nor `app`' : `\`${source.exportName}\``
  const exports = names.length === 0 ? 'it exports nothing' : `it exports ${names.join(', ')}`
  throw new TunicornError(
    'APP_EXPORT_MISSING',
    `The app module \`${source.specifier}\` exports ${source.exportName === '' ? 'neither' : 'no'} ${wanted}: ${exports}`,
  )
}

/** What a CommonJS module exports if it assigns nothing. */
function isNothing(value: unknown): boolean {
  return (
    isRecord(value) && Object.getPrototypeOf(value) === Object.prototype && Object.keys(value).length === 0
  )
}

function findApp(module: AppModule, source: AppSource, appKinds: readonly AppKind[]): LoadedApp {
  let problem = ''
  for (const value of requireCandidates(module, source)) {
    requirePlain(value, source)
    const found = detectKind(value, appKinds)
    if ('kind' in found) return { kind: found.kind, value }
    problem ||= found.problem + factoryHint(value, source)
  }
  throw notUsable(source, problem)
}

/** A function without parameters cannot serve a request. */
function factoryHint(value: unknown, { specifier, exportName }: AppSource): string {
  if (typeof value !== 'function' || value.length > 0 || exportName.endsWith('()')) return ''
  const name = exportName === '' ? `${specifier}:default()` : `${specifier}()`
  return `. If it makes the app, call it: \`${name}\``
}

function findAppOfKind(module: AppModule, source: AppSource, kind: AppKind): LoadedApp {
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

/** An app with such a server must not be served in plain text, and no other export may take its place. */
function requirePlain(value: unknown, { specifier }: AppSource): void {
  const protocols = ownProtocols(value)
  if (protocols === undefined) return
  throw new TunicornError(
    'APP_NOT_USABLE',
    `The app \`${specifier}\` brings its own ${protocols}, which would not be used: ${insteadOf(protocols)}`,
  )
}

/** TLS and HTTP/2 are both provided by Tunicorn instead. */
function insteadOf(protocols: string): string {
  const tls = 'export it without, and give its certificate and key to Tunicorn: `certfile` and `keyfile`'
  const http2 = 'set `http2` to on'
  if (protocols === 'TLS') return tls
  return protocols === 'HTTP/2' ? `export it without, and ${http2}` : `${tls}; ${http2}`
}

function notUsable(source: AppSource, problem: string): TunicornError {
  const what = source.exportName === '' ? 'The export' : `The export \`${source.exportName}\``
  return new TunicornError(
    'APP_NOT_USABLE',
    `${what} of \`${source.specifier}\` is not an app: ${problem}. An app is a \`(req, res)\` function, an \`http.Server\` that is not listening, an object with a \`fetch\` method, or a \`(scope, receive, send)\` function`,
  )
}
