/** One WebSocket: the handshake, the call of the app, what it receives and what it may send when. */

import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { ResponseWriter } from '../http/response-writer.js'
import type { Receive, Send } from '../protocol/app.js'
import { describe, describeType } from '../protocol/describe.js'
import { AsgiProtocolError, ClientDisconnectedError } from '../protocol/errors.js'
import type { HeadersOut } from '../protocol/headers.js'
import type { WebSocketAcceptEvent, WebSocketSendEvent } from '../protocol/websocket-events.js'
import type { Peer } from '../scope/peer.js'
import { RequestContext } from '../scope/request-context.js'
import type { Target } from '../scope/target.js'
import { webSocketScope } from '../scope/websocket-scope.js'
import type { Runtime } from '../service/runtime.js'
import { disconnectGraceMs, done, highWaterMark } from '../service/shared.js'
import { acceptFields, checkSubprotocol } from './acceptance.js'
import type { AppSocket, SocketOwner } from './app-socket.js'
import { checkCloseCode, checkCloseReason } from './close-frame.js'
import type { Pingable } from './heartbeat.js'
import { Inbox } from './inbox.js'
import { assignSocket, createUpgradeResponse } from './upgrade-response.js'
import type { WebSockets } from './websockets.js'

/**
 * `connecting`: the handshake is held; `denying`: the app answers it with a response; `refused`: it was answered so;
 * `open`; `closing`: this side has sent its close frame; `closed`: the peer has left.
 */
type State = 'connecting' | 'denying' | 'refused' | 'open' | 'closing' | 'closed'

export interface WebSocketParts {
  readonly req: IncomingMessage
  readonly socket: Duplex
  readonly head: Buffer
  readonly target: Target
  readonly peer: Peer
  readonly subprotocols: readonly string[]
  readonly runtime: Runtime
  readonly webSockets: WebSockets
}

/** How long a close frame may take to reach the kernel, when a client does not read. */
const flushTimeoutMs = 1000

export class WebSocketCycle implements Pingable, SocketOwner {
  heardAtMs = 0
  pingedAtMs: number | undefined = undefined
  private readonly socket: Duplex
  private readonly runtime: Runtime
  private readonly webSockets: WebSockets
  /** Let go of with the handshake: many sockets are idle for long. */
  private parts: WebSocketParts | undefined
  private readonly context: RequestContext
  private readonly inbox = new Inbox()
  private state: State = 'connecting'
  private webSocket: AppSocket | undefined = undefined
  private writer: ResponseWriter | undefined = undefined
  private isCounted = false
  private graceTimer: NodeJS.Timeout | undefined = undefined

  constructor(parts: WebSocketParts) {
    this.parts = parts
    this.socket = parts.socket
    this.runtime = parts.runtime
    this.webSockets = parts.webSockets
    this.context = new RequestContext(parts.runtime, parts)
  }

  /** Calls the app. Rejects when it fails: the response to the handshake, or the cut, is the business of the caller. */
  run(): Promise<void> {
    const { runtime, socket } = this
    const parts = this.handshake()
    this.webSockets.add(this)
    // Nobody else looks at the socket while the handshake is held. A client that leaves only ends its side.
    socket.on('error', destroy)
    socket.on('end', destroy)
    socket.on('close', this.lost)
    runtime.tasks.begin()
    this.isCounted = true
    let result: unknown
    try {
      result = runtime.app(webSocketScope(parts, this.context), this.receive, this.send as Send)
    } catch (error) {
      result = Promise.reject(error)
    }
    return Promise.resolve(result).then(this.returned, this.thrown)
  }

  /** The worker stops: 1012 for the client and the app, or 500 for a handshake that is held. */
  stop(): void {
    if (this.state === 'connecting') {
      this.refuse(500, 'Internal Server Error')
      this.inbox.end(1012, '')
    } else if (this.state === 'open') {
      this.inbox.end(1012, '')
      this.close(1012, '')
    }
  }

  get isListening(): boolean {
    return this.state === 'open' && this.webSocket?.isPaused === false
  }

  ping(): void {
    this.webSocket?.ping()
  }

  expire(): void {
    const reason = 'keepalive ping timeout'
    this.inbox.end(1011, reason)
    this.close(1011, reason)
    this.context.abort()
  }

  private readonly receive: Receive<'websocket'> = () => {
    const event = this.inbox.next()
    if (this.webSocket?.isPaused === true && this.inbox.isEmpty) this.webSocket.resume()
    return event
  }

  private readonly send: Send<'websocket'> = event => {
    try {
      return this.dispatch(event)
    } catch (error) {
      const refused = Promise.reject(error)
      // An app that does not wait is not to be ended by a client that leaves.
      if (error instanceof ClientDisconnectedError) refused.catch(() => {})
      return refused
    }
  }

  private dispatch(event: WebSocketSendEvent): Promise<void> {
    switch (event?.type) {
      case 'websocket.send':
        if (this.state === 'closed') throw new ClientDisconnectedError()
        if (this.state !== 'open') throw this.unexpected(event.type)
        return this.sendMessage(event.text, event.bytes)
      case 'websocket.accept':
        this.require('connecting', event.type)
        return this.accept(event)
      case 'websocket.close':
        return this.closeByApp(checkCloseCode(event.code), checkCloseReason(event.reason))
      case 'websocket.http.response.start':
        this.require('connecting', event.type)
        this.startResponse(event.status, event.headers)
        this.state = 'denying'
        return done
      case 'websocket.http.response.body':
        this.require('denying', event.type)
        return this.writeResponse(event.body, event.moreBody)
      default:
        throw this.unexpected(describeType(event))
    }
  }

  private require(state: State, type: string): void {
    if (this.state === state) return
    if (this.state === 'closed') throw new ClientDisconnectedError()
    // Nothing that the client has seen can be taken back, and what follows makes no sense to it.
    if (this.state === 'open') this.socket.destroy()
    throw this.unexpected(type)
  }

  /** What is known while the handshake is held. */
  private handshake(): WebSocketParts {
    if (this.parts === undefined) throw new ClientDisconnectedError()
    return this.parts
  }

  private unexpected(got: string): AsgiProtocolError {
    return new AsgiProtocolError('the ASGI event', expectedEvents[this.state], `\`${got}\``)
  }

  private accept(event: WebSocketAcceptEvent): Promise<void> {
    const { req, socket, head, subprotocols: offered } = this.handshake()
    const subprotocol = checkSubprotocol(event.subprotocol, offered)
    const fields = acceptFields(event.headers, this.runtime.options)
    const webSocket = this.webSockets.accept({ req, socket, head, subprotocol, fields })
    if (webSocket === undefined) {
      this.lost()
      throw new ClientDisconnectedError()
    }
    this.state = 'open'
    this.webSocket = webSocket
    this.heardAtMs = performance.now()
    // From now on the library looks at the socket.
    socket.off('error', destroy).off('end', destroy).off('close', this.lost)
    this.parts = undefined
    webSocket.attach(this)
    return done
  }

  message(data: Buffer, isBinary: boolean): void {
    // After its own close frame this side wants nothing more than the one of the peer.
    if (this.state !== 'open') return
    this.inbox.push(
      isBinary
        ? { type: 'websocket.receive', bytes: data }
        : { type: 'websocket.receive', text: data.toString() },
    )
    if (this.inbox.isFull) this.webSocket?.pause()
  }

  private sendMessage(text: unknown, bytes: unknown): Promise<void> {
    const data = messageOf(text, bytes)
    const { webSocket } = this
    // The peer has sent its close frame, which is answered already.
    if (webSocket === undefined || webSocket.readyState !== webSocket.OPEN)
      throw new ClientDisconnectedError()
    const size = typeof data === 'string' ? data.length : data.byteLength
    if (webSocket.bufferedAmount + size < highWaterMark) {
      webSocket.send(data)
      return done
    }
    const sent = new Promise<void>((resolve, reject) => {
      webSocket.send(data, error => {
        if (error == null) resolve()
        else reject(new ClientDisconnectedError())
      })
    })
    sent.catch(() => {})
    return sent
  }

  private closeByApp(code: number, reason: string): Promise<void> {
    switch (this.state) {
      case 'connecting':
        this.refuse(403, undefined)
        this.inbox.end(1006, '')
        return done
      case 'open':
        this.close(code, reason)
        return done
      case 'closed':
        return done
      default:
        // The worker has closed it: the app may do so too.
        if (this.inbox.hasEnded && this.state === 'closing') return done
        throw this.unexpected('websocket.close')
    }
  }

  private close(code: number, reason: string): void {
    this.state = 'closing'
    this.webSocket?.close(code, reason)
    // The answer of the peer may be behind messages that the app has not received.
    this.webSocket?.resume()
  }

  private startResponse(status: unknown, headers: unknown): ResponseWriter {
    const { socket, runtime } = this
    const { req } = this.handshake()
    const res = createUpgradeResponse(req)
    const writer = new ResponseWriter(res, runtime, 599)
    writer.start(status, headers)
    assignSocket(res, socket)
    this.writer = writer
    return writer
  }

  private writeResponse(body: unknown, moreBody: unknown): Promise<void> {
    if (moreBody !== undefined && typeof moreBody !== 'boolean')
      throw new AsgiProtocolError('`moreBody` to be', ['a boolean'], describe(moreBody))
    const isLast = moreBody !== true
    const written = this.writer?.write(body, isLast) ?? done
    if (isLast) {
      this.state = 'refused'
      this.inbox.end(1006, '')
    }
    return written
  }

  private refuse(status: number, text: string | undefined): void {
    const type: HeadersOut = text === undefined ? [] : [['content-type', 'text/plain; charset=utf-8']]
    void this.startResponse(status, type).write(text, true)
    this.state = 'refused'
  }

  pong(): void {
    this.heardAtMs = performance.now()
    this.pingedAtMs = undefined
  }

  failed(error: Error): void {
    this.runtime.log.debug('WebSocket failed', { error })
  }

  private readonly lost = (): void => this.closed(1006, '')

  /** The peer has left, or the connection was lost. */
  closed(code: number, reason: string): void {
    this.parts = undefined
    this.webSockets.remove(this)
    this.writer?.close()
    this.inbox.end(code, reason)
    if (this.state === 'open' || this.state === 'connecting' || this.state === 'denying') {
      this.state = 'closed'
      this.context.abort()
    }
    if (this.isCounted) this.graceTimer = setTimeout(() => this.uncount(), disconnectGraceMs).unref()
  }

  private uncount(): void {
    clearTimeout(this.graceTimer)
    if (!this.isCounted) return
    this.isCounted = false
    this.runtime.tasks.end()
  }

  private readonly returned = (value: unknown): void => {
    this.uncount()
    if (value !== undefined) {
      const problem = `ASGI callable should return None, but returned '${String(value)}'.`
      if (this.state === 'open') this.socket.destroy()
      if (this.state === 'connecting' || this.state === 'denying') this.state = 'refused'
      throw new Error(problem)
    }
    if (this.state === 'open') return this.close(1000, '')
    if (this.state !== 'connecting' && this.state !== 'denying') return
    const what = this.state === 'connecting' ? 'handshake' : 'response'
    this.state = 'refused'
    throw new Error(`ASGI callable returned without completing ${what}.`)
  }

  private readonly thrown = async (error: unknown): Promise<void> => {
    this.uncount()
    if (error instanceof ClientDisconnectedError && this.state === 'closed') return
    if (this.state === 'open') this.close(1011, '')
    if (this.state === 'connecting' || this.state === 'denying') this.state = 'refused'
    // The connection is cut next: not before the close frame is out.
    if (this.state === 'closing') await flushed(this.socket)
    throw error
  }
}

/** A listener that all sockets share. */
function destroy(this: Duplex): void {
  this.destroy()
}

const expectedEvents: Readonly<Record<State, readonly string[]>> = {
  connecting: ['`websocket.accept`', '`websocket.close`', '`websocket.http.response.start`'],
  denying: ['`websocket.http.response.body`'],
  refused: ['no event after the handshake is refused'],
  open: ['`websocket.send`', '`websocket.close`'],
  closing: ['no event after `websocket.close`'],
  closed: ['no event after the client has left'],
}

function messageOf(text: unknown, bytes: unknown): string | Uint8Array {
  if (typeof text === 'string' && (bytes === undefined || bytes === null)) return text
  if (bytes instanceof Uint8Array && (text === undefined || text === null)) return bytes
  throw new AsgiProtocolError(
    '`websocket.send` to have',
    ['a string as `text`', 'a Uint8Array as `bytes`'],
    `text: ${describe(text)}, bytes: ${describe(bytes)}`,
  )
}

/** Resolves when what was written is with the kernel, or cannot be. */
function flushed(socket: Duplex): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(resolve, flushTimeoutMs)
    socket.write('', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
