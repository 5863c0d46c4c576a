/** Passes requests to the app: limits are checked before it, errors are handled after it. */

import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Logger } from '@tunicorn/arbiter/worker'
import { closeInStages } from '@tunicorn/net'
import type { NodeApp } from '../app/node-app.js'
import { isThenable } from '../is-thenable.js'
import type { Places } from '../overload/places.js'
import { guardBody } from '../refusals/guard-body.js'
import type { Verdict } from '../refusals/head-judge.js'
import type { Refusal } from '../refusals/refusal.js'
import { keepHeaders } from '../refusals/replace-fields.js'
import type { RequestJudge } from '../refusals/request-judge.js'
import type { RequestLimits } from '../refusals/request-limits.js'
import { hasNoUnderscore } from '../refusals/underscore.js'
import { refuseRequest, refuseSocket } from '../server/refuse.js'
import { clientErrorRefusal, isBehindTheLast, isCutShort, isLate, isOfHttp } from './client-error-refusal.js'
import type { Connection } from './connection.js'
import type { Connections } from './connections.js'
import type { Exchange } from './exchange.js'
import { failResponse } from './failure.js'
import { inTurn } from './in-turn.js'
import { isWebSocketUpgrade } from './is-websocket-upgrade.js'
import { putBack, restoreFields, type TunnelRequest } from './put-back.js'
import type { RefusalReport } from './refusal-report.js'
import { refuseBody } from './refuse-body.js'
import type { RequestIds } from './request-ids.js'
import { RequestSeeker } from './request-seeker.js'
import { openTunnel, type TunnelEvent, unsupported } from './tunnel.js'

export interface DispatcherParts {
  readonly app: NodeApp
  readonly connections: Connections
  readonly limits: RequestLimits
  /** Absent: requests have no ids. */
  readonly ids: RequestIds | undefined
  readonly judge: RequestJudge
  /** Absent: the app handles as many requests at once as arrive. */
  readonly places: Places | undefined
  readonly refusals: RefusalReport
  readonly log: Logger
  /** How long an unused connection is kept, if that is longer than `headersTimeout`. */
  readonly keepAliveMs: number
  /** Each connection serves one request. */
  readonly closesConnections: boolean
}

export type ExchangeEvent = 'request' | 'checkContinue' | 'checkExpectation'

export class Dispatcher {
  readonly #parts: DispatcherParts
  /** From now on, every response is the last of its connection. */
  isDraining = false

  constructor(parts: DispatcherParts) {
    this.#parts = parts
  }

  /** Handles the events of a server that is about to listen. */
  attach(server: Server, isTls: boolean): void {
    const { app, connections } = this.#parts
    if (isTls) {
      server.on('connection', socket => connections.addSecuring(socket))
      // Runs before Node looks for a request on the connection.
      server.prependListener('secureConnection', socket => connections.secured(socket))
    } else server.on('connection', socket => connections.add(socket))
    server.on('request', (req, res) => this.respond('request', req, res))
    server.on('checkContinue', (req, res) => this.respond('checkContinue', req, res))
    server.on('checkExpectation', (req, res) => this.respond('checkExpectation', req, res))
    server.on('connect', (req, socket, head) => this.#tunnel('connect', { req, socket, head }))
    server.on('clientError', (error, socket) => this.#refuseBroken(error, socket))
    // With a listener, Node passes on upgrades to every protocol; without one, none.
    const upgrade = (req: IncomingMessage, socket: Duplex, head: Buffer): void =>
      this.#upgrade(server, { req, socket, head })
    const toggle = (hasHandler: boolean): void => {
      server.off('upgrade', upgrade)
      if (hasHandler) server.on('upgrade', upgrade)
    }
    toggle(app.upgrade !== undefined)
    app.watchUpgrade?.(toggle)
  }

  /** Handles a request. */
  respond(event: ExchangeEvent, req: IncomingMessage, res: ServerResponse): void {
    const { connections, judge, limits, places, refusals } = this.#parts
    const connection = connections.of(req.socket)
    if (connection.isClosing) return closeInStages(connection.socket)
    restoreFields(connection, req)
    const exchange = connections.begin(connection, req, res)
    if (this.#parts.closesConnections) connection.isClosing = true
    exchange.closes = this.#parts.closesConnections || this.isDraining || connection.isShed
    const { id } = exchange.head
    if (id !== undefined) this.#parts.ids?.answerWith(res, id)
    const verdict = judge(req)
    const { refusal = this.#unsupported(req, verdict), offersUpgrade, isChunked, dropsFields } = verdict
    if (dropsFields) keepHeaders(req, hasNoUnderscore)
    if (offersUpgrade) endBehindUpgrade(exchange)
    if (refusal !== undefined) {
      connection.isClosing = true
      connection.isRefused = true
      refusals.tell(refusal, connection.socket, id)
      return refuseRequest(req, res, refusal.status)
    }
    const refuse = (found: Refusal): void => {
      refusals.tell(found, connection.socket, id)
      refuseBody(exchange, res, found.status)
    }
    if (id !== undefined) this.#parts.ids?.passOn(req, id)
    if (isChunked) guardBody(req, limits, refuse)
    const run = (): void => this.#run(event, exchange, { req, res })
    const begin = places
      ? (): void => places.enter(exchange.head, new RequestSeeker({ exchange, res, refusals, run }))
      : run
    if (mustWait(connection.exchanges)) exchange.turn = begin
    else begin()
  }

  /** An HTTP/2 request did not arrive in time. For HTTP/1.1, Node checks that. */
  late(req: IncomingMessage): void {
    const connection = this.#parts.connections.of(req.socket)
    const [exchange] = connection.exchanges
    if (exchange?.res === undefined || connection.isRefused) return
    this.#parts.refusals.tell(late, connection.socket, exchange.head.id)
    refuseBody(exchange, exchange.res, late.status)
  }

  #run(event: ExchangeEvent, exchange: Exchange, { req, res }: RequestPair): void {
    const { app, log } = this.#parts
    try {
      const result = event === 'request' ? app.request(req, res) : this.#answerExpect(event, req, res)
      if (isThenable(result)) result.then(undefined, error => failResponse(exchange, res, { error, log }))
    } catch (error) {
      failResponse(exchange, res, { error, log })
    }
  }

  /** Does what Node does without listeners for `checkContinue` and `checkExpectation`. */
  #answerExpect(event: ExchangeEvent, req: IncomingMessage, res: ServerResponse): unknown {
    const { app } = this.#parts
    if (event === 'checkExpectation')
      return app.checkExpectation === undefined ? res.writeHead(417).end() : app.checkExpectation(req, res)
    if (app.checkContinue !== undefined) return app.checkContinue(req, res)
    res.writeContinue()
    return app.request(req, res)
  }

  #upgrade(server: Server, tunnel: TunnelRequest): void {
    const { app, connections, judge } = this.#parts
    const isDeclined = app.wantsUpgrade?.(tunnel.req) === false
    // A head that exceeds a limit is incomplete, so it cannot be put back.
    if (!isDeclined || judge(tunnel.req).refusal !== undefined) return this.#tunnel('upgrade', tunnel)
    putBack(server, connections.of(tunnel.req.socket), tunnel)
  }

  #tunnel(event: TunnelEvent, tunnel: TunnelRequest): void {
    const { connections } = this.#parts
    // If a body is still to come, newer Nodes replace the socket by a stream of what follows the body.
    const connection = connections.of(tunnel.req.socket)
    if (connection.isClosing) return closeInStages(connection.socket)
    const exchange = connections.begin(connection, tunnel.req)
    // The previous response set a timeout for an idle connection, which must not apply to a tunnel.
    const isFirst = connection.exchanges[0] === exchange
    inTurn(exchange, () => {
      if (!isFirst) connection.socket.setTimeout(0)
      openTunnel(event, exchange, tunnel, this.#parts)
    })
  }

  /** If the app has no handler for upgrades, or does not want this one, Node treats the request as an ordinary one. */
  #unsupported(req: IncomingMessage, { offersUpgrade }: Verdict): Refusal | undefined {
    if (!offersUpgrade || this.#parts.app.upgrade !== undefined) return undefined
    return isWebSocketUpgrade(req) ? unsupported : undefined
  }

  /** A request cannot be parsed or did not arrive in time, or a socket failed. */
  #refuseBroken(error: Error, socket: Duplex): void {
    const connection = this.#parts.connections.find(socket)
    // A client that does not speak TLS to an encrypted address is nothing unusual. A port scan must not fill the log.
    if (connection === undefined) {
      this.#parts.log.debug('A TLS handshake has failed', { error })
      return void socket.destroy()
    }
    if (connection.isRefused) return
    if (isLate(error) && connection.isFresh) return this.#awaitFirstByte(connection)
    // Bytes after a request that closes its connection are never processed. The response to that request is still valid.
    if (isBehindTheLast(error)) return closeInStages(connection.socket)
    connection.isRefused = true
    connection.isClosing = true
    const { connections, ids, log, refusals } = this.#parts
    const refusal = clientErrorRefusal(error)
    const last = connection.exchanges.at(-1)
    const id = last?.isReceived === false ? last.head.id : ids?.made()
    log.debug('Broken request', { error, ...(id !== undefined && { requestId: id }) })
    // A client that leaves between two requests has done nothing wrong.
    const isNothing = !isOfHttp(error) && last === undefined
    if (isOfHttp(error)) refusals.tell(refusal, connection.socket, id)
    // A body broke after its request was answered. A second answer would look like that of the next request.
    if (connection.leftover?.isReceived === false) return void socket.destroy()
    const answer = (): void => {
      if (isNothing) refuseSocket(socket, refusal.status)
      else connections.answerBroken(connection, refusal.status, id)
    }
    if (last === undefined) return answer()
    // The broken request comes after the last one, and so does its answer.
    if (last.isReceived) connection.turn = answer
    else this.#refuseUnreceived(last, error)
  }

  /**
   * The client has sent nothing: load balancers open connections ahead of need. Node checks such a connection once, when
   * `headersTimeout` is over, and restarts the timeout at the first byte of a head.
   */
  #awaitFirstByte(connection: Connection): void {
    const { socket, openedAtMs } = connection
    const restMs = openedAtMs + this.#parts.keepAliveMs - performance.now()
    const close = (): void => {
      if (connection.isFresh) socket.destroy()
    }
    if (restMs <= 0) return close()
    const timer = setTimeout(close, restMs)
    socket.once('close', () => clearTimeout(timer))
  }

  #refuseUnreceived(exchange: Exchange, error: Error): void {
    const { connection, res } = exchange
    const { socket } = connection
    const refuse = (): void => {
      // The app has already answered, but the answer is not yet sent.
      if (res?.writableEnded === true) return void res.once('finish', () => socket.destroySoon())
      // Another response cannot begin in the middle of this one.
      if (res?.headersSent === true) return void socket.destroy()
      const isHeard = socket.writable && !isCutShort(error)
      const { status } = clientErrorRefusal(error)
      exchange.refuse(status)
      if (isHeard) exchange.end('sent', { status })
    }
    inTurn(exchange, refuse)
  }
}

/** Node 20 loses whatever follows an upgrade that is not taken. */
function endBehindUpgrade(exchange: Exchange): void {
  exchange.closes = true
  closeInStages(exchange.connection.socket)
}

const late: Refusal = { status: 408, reason: 'timeout' }

interface RequestPair {
  readonly req: IncomingMessage
  readonly res: ServerResponse
}

const safeMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE'])

/** Pipelined requests may run concurrently only if all of them are safe (RFC 9112, 9.3.2). */
function mustWait(exchanges: readonly Exchange[]): boolean {
  return (
    exchanges.length > 1 &&
    exchanges.some(({ head, turn }) => turn !== undefined || !safeMethods.has(head.method))
  )
}
