/** The HTTP side of a worker: one server per listener, from the first connection to the last. */

import type { Server, ServerResponse } from 'node:http'
import type {
  Listener,
  RequestHead,
  RequestOutcome,
  WorkerContext,
  WorkerSettings,
  WorkerStats,
} from '@tunicorn/arbiter/worker'
import { Acceptor, lingerMsOf, listenerFailed } from '@tunicorn/net'
import type { NodeApp } from '../app/node-app.js'
import { redirectApp } from '../app/redirect-app.js'
import { TrustedPeers } from '../forwarded/trusted-peers.js'
import { Places } from '../overload/places.js'
import type { QueueLimit } from '../overload/request-queue.js'
import { requestJudge } from '../refusals/request-judge.js'
import { createHttpServer, headBytes } from '../server/create-server.js'
import { responseClass, withDetails } from '../server/guarded-response.js'
import { TracedServer } from '../server/traced-server.js'
import { Connections } from './connections.js'
import { Dispatcher } from './dispatcher.js'
import { Drain } from './drain.js'
import type { Exchange } from './exchange.js'
import { failFraming, logFailure } from './failure.js'
import { Http2Front } from './http2-front.js'
import { Leftover, type LeftoverOwner } from './leftover.js'
import { PrefixGate, type PrefixGateParts } from './prefix-gate.js'
import { RefusalReport } from './refusal-report.js'
import { RequestIds } from './request-ids.js'
import { refuseOverload } from './request-seeker.js'
import { shed } from './shed.js'

/** What the service needs of a worker's context. */
export type HttpServiceContext = Pick<
  WorkerContext,
  'listeners' | 'settings' | 'log' | 'beginRequest' | 'refused' | 'outcomeDetails' | 'allBegun' | 'retire'
>

export interface HttpServiceOptions {
  /** Settings of the worker class. They replace the context's. */
  readonly settings?: Readonly<WorkerSettings>
  /** Milliseconds for which a drain keeps idle connections open. @default 1000, at most a quarter of `gracefulTimeout` */
  readonly lingerMs?: number
}

interface Http2Attachment {
  readonly server: Server
  readonly listener: Listener | undefined
  readonly dispatcher: Dispatcher
  readonly settings: Readonly<WorkerSettings>
  readonly lingerMs: number
}

/**
 * Serves a `NodeApp` on the listeners of a worker. The methods of a `Worker` can delegate to those of the same name. `serve`,
 * `drain` and `close` are called at most once, in this order; `close` may be called at any time, and twice.
 */
export class HttpService {
  readonly #app: NodeApp
  readonly #context: HttpServiceContext
  readonly #servers: readonly Server[]
  readonly #connections: Connections
  readonly #dispatchers: readonly Dispatcher[]
  readonly #fronts: Http2Front[] = []
  readonly #acceptor: Acceptor
  readonly #places: Places | undefined
  readonly #refusals: RefusalReport
  readonly #drain: Drain
  #closing: Promise<void> | undefined
  #closed: (() => void) | undefined

  constructor(app: NodeApp, context: HttpServiceContext, options: HttpServiceOptions = {}) {
    const { listeners, log } = context
    const settings = options.settings ?? context.settings
    const lingerMs = options.lingerMs ?? lingerMsOf(settings)
    this.#app = app
    this.#context = context
    const leftovers: LeftoverOwner = {
      log,
      leftoverEnded: connection => this.#drain.exchangeEnded(connection),
    }
    const wantsUpgrade = app.wantsUpgrade?.bind(app)
    this.#servers = listeners.map(listener =>
      createHttpServer(settings, {
        details: context.outcomeDetails,
        wantsUpgrade,
        tls: listener.tls,
        offersHttp2: settings.http2 === 'on',
        onTlsRenewed: listener.onTlsRenewed?.bind(listener),
      }),
    )
    const ids = RequestIds.of(settings)
    const places = Places.of(settings)
    this.#places = places
    this.#connections = new Connections(
      places === undefined
        ? { beginRequest: head => context.beginRequest(head) }
        : { beginRequest: head => beginWithPlace(context, places, head) },
      {
        // Decided once, so that a request pays nothing if details are not wanted.
        detailed: context.outcomeDetails === undefined ? outcome => outcome : withDetails,
        fieldsPast: ({ id }) => (id === undefined ? {} : (ids?.fieldOf(id) ?? {})),
        countChanged: () => this.#countChanged(),
        // A connection deserves a linger of its own after its handshake, as it does after a response.
        connectionSecured: connection => this.#drain.exchangeEnded(connection),
        bodyLeft: (exchange, req) => void new Leftover(exchange, req, leftovers),
        faulted: (exchange, error) => failFraming(exchange, error, log),
        exchangeEnded: connection => this.#drain.exchangeEnded(connection),
        exchangeAbandoned: exchange => this.#exchangeAbandoned(exchange),
      },
      ids,
    )
    const refusals = new RefusalReport({
      log,
      refused: reason => context.refused?.(reason),
      now: () => performance.now(),
    })
    this.#refusals = refusals
    const parts = {
      connections: this.#connections,
      limits: settings,
      ids,
      judge: requestJudge(settings),
      refusals,
      log,
      keepAliveMs: settings.keepAlive * 1000,
      closesConnections: settings.keepAlive === 0,
    }
    const dispatcher = new Dispatcher({ ...parts, app, places })
    const securePort = settings.redirectHttp ? portOf(listeners.find(({ tls }) => tls)) : undefined
    const redirecting =
      securePort === undefined
        ? dispatcher
        : new Dispatcher({ ...parts, app: redirectApp(securePort), places: undefined })
    this.#dispatchers = [dispatcher, redirecting]
    this.#acceptor = new Acceptor({
      listeners,
      servers: this.#servers,
      limit: settings.workerConnections,
      failed: listenerFailed(context),
    })
    this.#drain = new Drain({
      connections: this.#connections,
      servers: this.#servers,
      log,
      lingerMs,
      allBegun: () => context.allBegun?.(),
      requestsDone: () => app.requestsDone?.(),
    })
    const gate = prefixGate(settings, { connections: this.#connections, refusals, ids })
    for (const [index, server] of this.#servers.entries()) {
      const listener = listeners[index]
      const isTls = listener?.tls !== undefined
      const isRedirected = !isTls && portOf(listener) !== undefined
      const attached = isRedirected ? redirecting : dispatcher
      if (settings.http2 === 'off') attached.attach(server, isTls)
      else this.#attachHttp2({ server, listener, dispatcher: attached, settings, lingerMs })
      gate?.attach(server, isTls)
    }
  }

  /** HTTP/2 is served alongside HTTP/1.1 on encrypted connections, and alone at a plain address that asks for it. */
  #attachHttp2({ server, listener, dispatcher, settings, lingerMs }: Http2Attachment): void {
    const { log, outcomeDetails } = this.#context
    const traced = new TracedServer()
    const front = new Http2Front({
      connections: this.#connections,
      log,
      Response: responseClass(outcomeDetails),
      headBytes: headBytes(settings),
      keepAliveMs: settings.keepAlive * 1000,
      requestTimeoutMs: settings.requestTimeout * 1000,
      lingerMs,
      respond: (event, req, res) => {
        // Request tracers ignore the other events.
        if (event !== 'request') return dispatcher.respond(event, req, res)
        traced.call(req, res, () => dispatcher.respond(event, req, res))
      },
      late: req => dispatcher.late(req),
    })
    this.#fronts.push(front)
    if (listener?.tls) {
      front.attachSecure(server)
      dispatcher.attach(server, true)
    } else if (listener?.isHttp2) front.attachPlain(server, () => dispatcher.attach(server, false))
    else dispatcher.attach(server, false)
  }

  /** Accepts on every listener. Resolves once a new connection would be served. */
  async serve(): Promise<void> {
    this.#connections.open()
    await this.#acceptor.start()
  }

  /**
   * Stops accepting at once and resolves when no connection is left. Requests in flight are finished. Requests that arrive on
   * open connections are served, with `Connection: close`. Idle connections are closed after a linger. When `deadline` aborts,
   * the rest is cut and logged.
   */
  drain(deadline: AbortSignal): Promise<void> {
    this.#acceptor.stop()
    for (const dispatcher of this.#dispatchers) dispatcher.isDraining = true
    return this.#drain.run(deadline)
  }

  /** Cuts what is left, releases everything and then closes the app. */
  close(): Promise<void> {
    this.#closing ??= this.#closeAll()
    return this.#closing
  }

  /** A sample that is cheap to take. */
  stats(): WorkerStats {
    const { size: connections } = this.#connections
    if (this.#places === undefined) return { connections }
    const { gauges, load } = this.#places
    return { connections, load, gauges }
  }

  /** Answers 503 for an app whose own queue has no room left. `limit`: the setting whose limit was reached. */
  refuseOverload(res: ServerResponse, limit: QueueLimit): void {
    const { exchanges } = this.#connections.of(res.req.socket)
    const exchange = exchanges.find(candidate => candidate.res === res)
    if (exchange !== undefined) refuseOverload({ exchange, res, refusals: this.#refusals }, limit)
  }

  /** Ends this many connections after their next responses: see `Worker.shed`. */
  shed(connections: number): void {
    shed(this.#connections, connections)
  }

  async #closeAll(): Promise<void> {
    this.#acceptor.stop()
    for (const { socket } of [...this.#connections]) socket.destroy()
    if (this.#connections.size > 0) await new Promise<void>(resolve => (this.#closed = resolve))
    this.#connections.close()
    for (const front of this.#fronts) front.close()
    // Also stops the timer that looks for late requests.
    for (const server of this.#servers) server.close()
    await this.#app.close?.()
  }

  #countChanged(): void {
    const { size } = this.#connections
    this.#acceptor.update(size)
    this.#drain.countChanged()
    if (size === 0) this.#closed?.()
  }

  /** An app that destroys its response with an error has failed. One whose client has left has not. */
  #exchangeAbandoned(exchange: Exchange): void {
    const error = exchange.res?.errored
    if (error != null) logFailure(exchange, error, this.#context.log)
  }
}

/** Frees the place of an exchange wherever it ends. */
function beginWithPlace(
  context: HttpServiceContext,
  places: Places,
  head: RequestHead,
): (outcome: RequestOutcome) => void {
  const end = context.beginRequest(head)
  return outcome => {
    end(outcome)
    places.left(head)
  }
}

/** Undefined: the listener is a Unix socket. */
function portOf(listener: Listener | undefined): number | undefined {
  const address = listener?.address
  return typeof address === 'object' ? address.port : undefined
}

function prefixGate(
  { proxyProtocol, forwardedAllowIps, headersTimeout }: WorkerSettings,
  parts: Pick<PrefixGateParts, 'connections' | 'refusals' | 'ids'>,
): PrefixGate | undefined {
  if (proxyProtocol === 'off') return undefined
  const peers = new TrustedPeers(forwardedAllowIps)
  return new PrefixGate({
    ...parts,
    version: proxyProtocol,
    timeoutMs: headersTimeout * 1000,
    trusts: address => peers.trusts(address),
  })
}
