/** An HTTP/2 connection. To all other code, each of its streams is a request on a connection of its own. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type * as Http2 from 'node:http2'
import { createRequire } from 'node:module'
import type { Socket } from 'node:net'
import type { Logger } from '@tunicorn/arbiter/worker'
import { hearOut, peerOf } from '@tunicorn/net'
import { FloodMeter } from '../http2/flood-meter.js'
import { SecureStreamSocket } from '../http2/secure-stream-socket.js'
import { createStreamRequest } from '../http2/stream-request.js'
import { createStreamResponse } from '../http2/stream-response.js'
import { StreamSocket } from '../http2/stream-socket.js'
import { isEncrypted } from '../server/encrypted-socket.js'
import type { Connection, Multiplexed } from './connection.js'
import type { Connections } from './connections.js'
import type { ExchangeEvent } from './dispatcher.js'

export interface Http2Parts {
  readonly connections: Connections
  readonly log: Logger
  readonly Response: typeof ServerResponse
  /** Bytes of a request head. A stream whose head is larger is refused. */
  readonly headBytes: number
  readonly keepAliveMs: number
  /** 0 = off. */
  readonly requestTimeoutMs: number
  /** How long a client may still open streams after it was told to leave. */
  readonly lingerMs: number
  respond(event: ExchangeEvent, req: IncomingMessage, res: ServerResponse): void
  /** The whole request did not arrive in time. */
  late(req: IncomingMessage): void
}

/** The number that browsers expect. */
const maxConcurrentStreams = 100
/** More than the usual limit, so that an excess can be answered. The size of a head is a limit too. */
const maxFields = 1_024
/** What each field counts in addition to its name and value (RFC 9113, 6.5.2). */
const fieldOverhead = 32
/** Streams that a client may reset before they are answered: twice as many as it may have open. */
const resets = { burst: 2 * maxConcurrentStreams, perSecond: 20 }
/** `PING` and `SETTINGS`, which require an answer. */
const controls = { burst: 100, perSecond: 10 }
const calmDown = 11
/** How long a client has to receive that code. */
const calmingMs = 500
const endOfStream = 1
/** How long a client may continue to send a request that was answered. */
const leftoverMs = 2_000

const load = createRequire(import.meta.url)

export class Http2Connection implements Multiplexed {
  readonly streams: Set<Connection> = new Set()
  readonly #parts: Http2Parts
  readonly #connection: Connection
  readonly #session: Http2.ServerHttp2Session
  readonly #resets = new FloodMeter(resets.burst, resets.perSecond, performance.now())
  readonly #controls = new FloodMeter(controls.burst, controls.perSecond, performance.now())
  readonly #requests = new Map<Connection, IncomingMessage>()
  #idleSinceMs = performance.now()
  #leaving: NodeJS.Timeout | undefined
  #isCalmed = false

  constructor(socket: Socket, parts: Http2Parts) {
    // Workers that do not need it do not load it.
    const { performServerHandshake }: typeof Http2 = load('node:http2')
    this.#parts = parts
    this.#connection = parts.connections.of(socket)
    this.#connection.multiplexed = this
    // A client that has ended its side has left: it could not even enlarge its window. Servers of `node:http` allow half-open sockets.
    socket.allowHalfOpen = false
    const session = performServerHandshake(socket, {
      settings: { maxConcurrentStreams, maxHeaderListSize: parts.headBytes + fieldOverhead * maxFields },
      maxHeaderListPairs: maxFields,
    })
    this.#session = session
    session.on('stream', (stream, _, flags, raw: readonly string[] = []) => {
      this.#open(stream, socket, { raw, isWhole: (flags & endOfStream) !== 0 })
    })
    session.on('ping', () => this.#count(this.#controls))
    session.on('remoteSettings', () => this.#count(this.#controls))
    session.on('error', error => parts.log.debug('A connection of HTTP/2 has failed', { error }))
    session.once('close', () => clearTimeout(this.#leaving))
    // Node would wait for as long as the client keeps its side open.
    socket.once('finish', () => hearOut(socket))
  }

  announce(): void {
    // Names the highest possible stream, so that requests on their way are still served (RFC 9113, 6.8).
    if (!this.#session.closed && !this.#session.destroyed) this.#session.goaway(0, 2 ** 31 - 1)
  }

  end(): void {
    if (!this.#session.destroyed) this.#session.close()
  }

  leave(): void {
    if (this.#leaving) return
    this.announce()
    this.#leaving = setTimeout(() => this.end(), this.#parts.lingerMs)
  }

  look(nowMs: number): void {
    const { keepAliveMs, late, requestTimeoutMs } = this.#parts
    if (this.streams.size === 0 && nowMs - this.#idleSinceMs > keepAliveMs) return this.end()
    if (requestTimeoutMs === 0) return
    for (const [{ openedAtMs }, req] of this.#requests)
      if (!req.complete && nowMs - openedAtMs > requestTimeoutMs) late(req)
  }

  #open(
    stream: Http2.ServerHttp2Stream,
    socket: Socket,
    head: Parameters<typeof createStreamRequest>[0],
  ): void {
    const { Response, connections, keepAliveMs, respond } = this.#parts
    const own = isEncrypted(socket)
      ? new SecureStreamSocket(stream, socket)
      : new StreamSocket(stream, socket)
    const req = createStreamRequest(head, stream, own)
    const res = createStreamResponse(Response, req, own)
    const connection = connections.addStream(own)
    this.streams.add(connection)
    this.#requests.set(connection, req)
    res.once('finish', () => {
      connection.exchanges[0]?.end('sent')
      own.finish()
      if (!req.complete) discard(req)
    })
    own.once('close', () => this.#closed(connection, stream, req))
    if (keepAliveMs === 0) this.end()
    const { expect } = req.headers
    if (expect === undefined) respond('request', req, res)
    else respond(/^100-continue$/i.test(expect) ? 'checkContinue' : 'checkExpectation', req, res)
  }

  #closed(connection: Connection, stream: Http2.ServerHttp2Stream, req: IncomingMessage): void {
    this.streams.delete(connection)
    this.#requests.delete(connection)
    if (this.streams.size === 0) this.#idleSinceMs = performance.now()
    // What Node's server does when a connection closes.
    if (!req.complete && !req.destroyed)
      req.destroy(Object.assign(new Error('aborted'), { code: 'ECONNRESET' }))
    if (stream.aborted) this.#count(this.#resets)
  }

  /** Counts a frame that makes work without being a request. */
  #count(meter: FloodMeter): void {
    if (meter.take(performance.now()) || this.#isCalmed || this.#session.destroyed) return
    this.#isCalmed = true
    const peer = peerOf(this.#connection.socket)
    this.#parts.log.debug(`Ended a connection of HTTP/2 that makes work, from ${peer}`, { peer })
    this.#session.goaway(calmDown)
    // Closing a socket with unread bytes sends a reset, which can overtake the message to the client.
    setTimeout(() => this.#session.destroy(), calmingMs).unref()
  }
}

/** Briefly discards what a client still sends of a request that was answered. Many clients have already sent all of it. */
function discard(req: IncomingMessage): void {
  const { socket } = req
  const timer = setTimeout(() => socket.destroy(), leftoverMs)
  socket.once('close', () => clearTimeout(timer))
  req.resume()
}
