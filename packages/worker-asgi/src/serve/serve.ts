/** Runs the server of the worker class in the current process, for tests, scripts and development. */
import type { AddressInfo } from 'node:net'
import {
  defaultWorkerSettings,
  LocalListener,
  type Logger,
  type WorkerContext,
  type WorkerSettings,
} from '@tunicorn/arbiter/worker'
import type { App } from '../protocol/app.js'
import { type AsgiOptions, optionsSchema } from '../runtime/options.js'
import { consoleLogger } from './console-logger.js'

/** The options of the worker class, and the arbiter's settings that apply to a server. Durations are in seconds. */
export interface ServeOptions
  extends Partial<AsgiOptions>,
    Partial<Omit<WorkerSettings, 'timeout' | 'bootTimeout' | 'maxRequests' | 'maxRequestsJitter'>> {
  /** @default '127.0.0.1' */
  readonly host?: string
  /** 0: any free port. @default 8000 */
  readonly port?: number
  /** Path of a Unix socket, in place of `host` and `port`. */
  readonly path?: string
  /** @default warnings and errors on standard error */
  readonly log?: Logger
}

/** A running server. */
export interface AsgiServer extends AsyncDisposable {
  /** The actual address, or the path of the Unix socket. */
  readonly address: AddressInfo | string
  /** For example `http://127.0.0.1:8000`, or `unix:/run/app.sock`. */
  readonly url: string
  /**
   * Stops as a worker does: it accepts no new connections, finishes requests in flight and closes WebSockets with 1012. The
   * lifespan ends last. What is not finished in time is cut. Idempotent.
   *
   * @param gracefulTimeout seconds; the option of the same name by default
   */
  close(gracefulTimeout?: number): Promise<void>
}

/** Without an arbiter, nothing watches the worker. */
const defaults: WorkerSettings = { ...defaultWorkerSettings, timeout: 0, bootTimeout: 0 }

/**
 * Serves an app without an arbiter: one process, no supervision, no signal handlers. Resolves once a new connection would be
 * served.
 *
 * @throws TypeError for wrong options
 * @throws TunicornError `BOOT_FAILED` if the start-up of the app fails
 */
export async function serve(app: App, options: ServeOptions = {}): Promise<AsgiServer> {
  const { host = '127.0.0.1', port = 8000, path, log = consoleLogger, ...rest } = options
  const { settings, others } = splitSettings(rest)
  const asgiOptions = await validate(others)
  const bound = path ?? { address: host, family: host.includes(':') ? 'IPv6' : 'IPv4', port }
  const listener = new LocalListener(bound, settings.backlog)
  // Loaded on demand, because the arbiter imports this module too.
  const { AsgiWorker } = await import('../service/asgi-worker.js')
  const worker = new AsgiWorker(contextOf({ app, listener, settings, options: asgiOptions, log }))
  try {
    await worker.boot()
    await worker.serve()
  } catch (error) {
    await worker.close()
    throw error
  }
  let closing: Promise<void> | undefined
  const close = (gracefulTimeout = settings.gracefulTimeout): Promise<void> => {
    closing ??= stop(worker, gracefulTimeout)
    return closing
  }
  return {
    address: listener.address,
    url: urlOf(listener.address),
    close,
    [Symbol.asyncDispose]: () => close(),
  }
}

interface ContextParts {
  readonly app: App
  readonly listener: LocalListener
  readonly settings: WorkerSettings
  readonly options: AsgiOptions
  readonly log: Logger
}

function contextOf({ app, listener, settings, options, log }: ContextParts): WorkerContext<AsgiOptions> {
  return {
    group: 'default',
    age: 0,
    generation: 0,
    app: {
      url: '',
      exportName: '',
      kind: 'asgi',
      load: () => Promise.resolve({ kind: 'asgi', value: app }),
    },
    listeners: [listener],
    settings,
    options,
    log,
    notify: ignore,
    beginRequest: () => ignore,
    // Nothing can replace this server.
    retire: reason => log.warn(`The server should be replaced: ${reason}`),
  }
}

async function stop(
  worker: { drain(deadline: AbortSignal): Promise<void>; close(): Promise<void> },
  gracefulTimeout: number,
): Promise<void> {
  const deadline = new AbortController()
  const timer = setTimeout(() => deadline.abort(), gracefulTimeout * 1000)
  try {
    await worker.drain(deadline.signal)
  } finally {
    clearTimeout(timer)
    await worker.close()
  }
}

function splitSettings(given: Readonly<Record<string, unknown>>): {
  readonly settings: WorkerSettings
  readonly others: Readonly<Record<string, unknown>>
} {
  const entries = Object.entries(given).filter(([, value]) => value !== undefined)
  const isSetting = ([name]: [string, unknown]): boolean => Object.hasOwn(defaults, name)
  return {
    settings: { ...defaults, ...Object.fromEntries(entries.filter(isSetting)) },
    others: Object.fromEntries(entries.filter(entry => !isSetting(entry))),
  }
}

async function validate(given: unknown): Promise<AsgiOptions> {
  const result = await optionsSchema['~standard'].validate(given)
  if (result.issues === undefined) return result.value
  const problems = result.issues.map(({ path = [], message }) => {
    const keys = path.map(part => String(typeof part === 'object' ? part.key : part))
    return `\`${keys.join('.')}\`: ${message}`
  })
  throw new TypeError(`These options are wrong: ${problems.join('; ')}`)
}

function urlOf(address: AddressInfo | string): string {
  if (typeof address === 'string') return `unix:${address}`
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address
  return `http://${host}:${address.port}`
}

function ignore(): void {}
