/**
 * What a thread runs: one Piscina task for its whole life. It loads the app, serves the requests that arrive on its port, and
 * exits when it is told to. So a thread is never used for a second task.
 */
import { type MessagePort, threadId } from 'node:worker_threads'
import {
  AppBroadcasts,
  AppMetrics,
  emitBeforeExit,
  installAppBridge,
  installProcessSend,
  type LoadedApp,
  loadApp,
  TunicornError,
} from '@tunicorn/arbiter/worker'
import { type NodeApp, resolveHttpApp, TracedServer } from '@tunicorn/http'
import { toErrorData } from './protocol/error-data.js'
import type { FromThread, ThreadInit, ToThread } from './protocol/messages.js'
import { FetchCalls } from './thread/fetch-calls.js'
import { ThreadAdoption } from './thread/thread-adoption.js'
import { ThreadExchange, type ThreadExchangeOwner } from './thread/thread-exchange.js'

export interface ThreadTask {
  readonly port: MessagePort
  readonly init: ThreadInit
}

/** Never resolves: the task ends with the thread. */
export default async function serve({ port, init }: ThreadTask): Promise<void> {
  const post = (message: FromThread, transfer?: readonly ArrayBuffer[]): void =>
    port.postMessage(message, transfer)
  port.once('close', () => process.exit(0))
  const metrics = new AppMetrics({
    write: text => post({ type: 'metrics', text }),
    warn: text => post({ type: 'warning', text }),
  })
  installAppBridge({
    broadcasts: listenToOthers(port, post),
    exposeMetrics: registry => metrics.expose(registry),
  })
  const appReady = installProcessSend({
    isReadyAwaited: init.waitReady,
    hint: about => post({ type: 'hint', about }),
  })
  try {
    const calls = new FetchCalls()
    const loaded = await load(init, port)
    const app = await resolveHttpApp(calls.wrap(loaded), init.forwarded)
    if (init.waitReady) await appReady
    new ThreadServer({ app, shutdown: loaded.shutdown, metrics, port, calls, post })
    post({ type: 'ready', threadId })
  } catch (error) {
    const code = error instanceof TunicornError ? error.code : undefined
    // The event loop then closes the port.
    post({ type: 'unready', error: toErrorData(error), code })
  }
  await new Promise(() => {})
}

/** Passes broadcasts of other workers and threads to the app in this one, and sends its own. */
function listenToOthers(port: MessagePort, post: ThreadExchangeOwner['post']): AppBroadcasts {
  const broadcasts = new AppBroadcasts((text, group) => {
    post({ type: 'broadcast', text, group })
    return true
  })
  let heard = 0
  const confirm = (): void => {
    post({ type: 'heard', count: heard })
    heard = 0
  }
  port.on('message', (message: ToThread) => {
    if (message.type !== 'broadcast') return
    if (heard === 0) setImmediate(confirm)
    heard += 1
    broadcasts.deliver([message.text])
  })
  return broadcasts
}

function load({ app, appKinds, patienceMs }: ThreadInit, port: MessagePort): Promise<LoadedApp> {
  const adoption = patienceMs === undefined ? undefined : new ThreadAdoption(port, patienceMs)
  return loadApp({ ...app, adoption }, appKinds)
}

interface ThreadServerParts {
  readonly app: NodeApp
  readonly shutdown: LoadedApp['shutdown']
  readonly metrics: AppMetrics
  readonly port: MessagePort
  readonly calls: FetchCalls
  readonly post: ThreadExchangeOwner['post']
}

class ThreadServer implements ThreadExchangeOwner {
  readonly #app: NodeApp
  readonly #shutdown: LoadedApp['shutdown']
  readonly #metrics: AppMetrics
  readonly #port: MessagePort
  readonly #calls: FetchCalls
  readonly #exchanges = new Map<number, ThreadExchange>()
  readonly #traced = new TracedServer()
  /** Never aborts: a thread has no deadline of its own, and is ended by force. */
  readonly #end = new AbortController()
  readonly post: ThreadExchangeOwner['post']

  constructor({ app, shutdown, metrics, port, calls, post }: ThreadServerParts) {
    this.#app = app
    this.#shutdown = shutdown
    this.#metrics = metrics
    this.#port = port
    this.#calls = calls
    this.post = post
    port.on('message', (message: ToThread) => this.#receive(message))
  }

  over(exchange: ThreadExchange): void {
    this.#exchanges.delete(exchange.id)
  }

  #receive(message: ToThread): void {
    switch (message.type) {
      case 'request': {
        const exchange = new ThreadExchange(message, this)
        this.#exchanges.set(exchange.id, exchange)
        const body = message.isWhole ? message.body : undefined
        this.#calls.add({ req: exchange.req, body, returned: () => exchange.returned() })
        return exchange.run((req, res) => this.#traced.call(req, res, () => this.#app.request(req, res)))
      }
      case 'chunk':
        return this.#exchanges.get(message.id)?.chunk(message.data)
      case 'end':
        return this.#exchanges.get(message.id)?.end(message.trailers)
      case 'credit':
        return this.#exchanges.get(message.id)?.credit(message.size)
      case 'abort':
        return this.#exchanges.get(message.id)?.abort(message.reason)
      case 'broadcast':
      case 'settled':
      case 'refused':
        return
      case 'stop':
        void this.#stop()
        return
      default:
        message satisfies never
    }
  }

  async #stop(): Promise<void> {
    try {
      await this.#app.close?.()
      await this.#shutdown?.()
      await emitBeforeExit(this.#end.signal)
    } finally {
      await this.#metrics.close()
      this.#port.close()
    }
  }
}
