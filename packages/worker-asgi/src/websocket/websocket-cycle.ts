/** One WebSocket: the handshake, the call of the app, what it receives, and what it may send at which time. */

import type { Duplex } from 'node:stream'
import type { SendEvent } from '../protocol/app.js'
import { AsgiProtocolError, ClientDisconnectedError } from '../protocol/errors.js'
import type { HeadersOut } from '../protocol/headers.js'
import { isTrue } from '../protocol/is-true.js'
import type {
  WebSocketAcceptEvent,
  WebSocketCloseEvent,
  WebSocketReceiveEvent,
} from '../protocol/websocket-events.js'
import { AppCall, problemOfReturned } from '../runtime/app-call.js'
import { done } from '../runtime/shared.js'
import { RequestContext } from '../scope/request-context.js'
import { webSocketScope } from '../scope/websocket-scope.js'
import { acceptFields, checkSubprotocol } from './acceptance.js'
import type { AppSocket, SocketOwner } from './app-socket.js'
import { checkCloseCode, checkCloseReason } from './close-frame.js'
import { Denial } from './denial.js'
import { flushed } from './flushed.js'
import { hold, release } from './held-socket.js'
import { Inbox } from './inbox.js'
import { websocketData } from './websocket-data.js'
import type { WebSocketParts } from './websocket-parts.js'
import { expectedWebSocketEvents, type WebSocketState } from './websocket-state.js'
import type { LiveWebSocket, WebSockets } from './websockets.js'

/** Many WebSockets are idle for a long time, so what only the handshake needs is released after it. */
export class WebSocketCycle extends AppCall implements LiveWebSocket, SocketOwner {
  heardAtMs = 0
  pingedAtMs: number | undefined = undefined
  private readonly socket: Duplex
  private readonly webSockets: WebSockets
  private parts: WebSocketParts | undefined
  private lost: (() => void) | undefined = () => this.closed(1006, '')
  private readonly inbox = new Inbox()
  private state: WebSocketState = 'connecting'
  private webSocket: AppSocket | undefined = undefined
  private denial: Denial | undefined = undefined

  constructor(parts: WebSocketParts) {
    super(parts.runtime)
    this.parts = parts
    this.socket = parts.socket
    this.webSockets = parts.webSockets
  }

  /** Calls the app. Rejects when it fails; the caller then answers the handshake or cuts the connection. */
  run(): Promise<void> {
    const parts = this.handshake()
    this.webSockets.add(this)
    if (this.lost !== undefined) hold(parts.socket, this.lost)
    const scope = webSocketScope(parts, new RequestContext(this.runtime, parts, this))
    const running = this.call(
      scope,
      () => this.receive(),
      event => this.send(event),
    )
    return running.then(
      value => this.returned(value),
      error => this.thrown(error),
    )
  }

  /** The worker stops: the client and the app get 1012, and a handshake that is held gets 500. */
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
    this.abort()
  }

  private receive(): Promise<WebSocketReceiveEvent> {
    const event = this.inbox.next()
    if (this.webSocket?.isPaused === true && this.inbox.isEmpty) this.webSocket.resume()
    return event
  }

  private send(event: SendEvent): Promise<void> {
    try {
      return this.dispatch(event)
    } catch (error) {
      const refused = Promise.reject(error)
      // If the app does not wait for this, a client that leaves must not end the process.
      if (error instanceof ClientDisconnectedError) refused.catch(() => {})
      return refused
    }
  }

  private dispatch(event: SendEvent): Promise<void> {
    switch (event?.type) {
      case 'websocket.send':
        if (this.state === 'closed') throw new ClientDisconnectedError()
        if (this.state !== 'open') throw this.unexpected(event)
        return this.sendMessage(event.text, event.bytes)
      case 'websocket.accept':
        this.require('connecting', event)
        return this.accept(event)
      case 'websocket.close':
        return this.closeByApp(event)
      case 'websocket.http.response.start':
        this.require('connecting', event)
        this.deny(event.status, event.headers)
        this.state = 'denying'
        return done
      case 'websocket.http.response.body':
        this.require('denying', event)
        return this.writeDenial(event.body, event.moreBody)
      default:
        throw this.unexpected(event)
    }
  }

  private require(state: WebSocketState, event: SendEvent): void {
    if (this.state === state) return
    if (this.state === 'closed') throw new ClientDisconnectedError()
    // What the client has seen cannot be taken back, and what follows would make no sense to it.
    if (this.state === 'open') this.socket.destroy()
    throw this.unexpected(event)
  }

  /** What is known while the handshake is held. */
  private handshake(): WebSocketParts {
    if (this.parts === undefined) throw new ClientDisconnectedError()
    return this.parts
  }

  private unexpected(event: SendEvent): AsgiProtocolError {
    return AsgiProtocolError.ofEvent(expectedWebSocketEvents[this.state], event)
  }

  private accept(event: WebSocketAcceptEvent): Promise<void> {
    const { req, socket, head, subprotocols: offered } = this.handshake()
    const subprotocol = checkSubprotocol(event.subprotocol, offered)
    const fields = acceptFields(event.headers, this.runtime)
    // Before the library adds its listeners: a list of listeners that has grown never shrinks.
    if (this.lost !== undefined) release(socket, this.lost)
    this.lost = undefined
    const webSocket = this.webSockets.accept({ req, socket, head, subprotocol, fields })
    if (webSocket === undefined) {
      this.closed(1006, '')
      throw new ClientDisconnectedError()
    }
    this.state = 'open'
    this.webSocket = webSocket
    this.heardAtMs = performance.now()
    this.parts = undefined
    webSocket.owner = this
    return done
  }

  message(data: Buffer, isBinary: boolean): void {
    // After sending its own close frame, this side only waits for that of the peer.
    if (this.state !== 'open') return
    this.inbox.push(
      isBinary
        ? { type: 'websocket.receive', bytes: data }
        : { type: 'websocket.receive', text: data.toString() },
    )
    if (this.inbox.isFull) this.webSocket?.pause()
  }

  private sendMessage(text: unknown, bytes: unknown): Promise<void> {
    const data = websocketData(text, bytes)
    const { webSocket } = this
    // The peer has sent its close frame, which has been answered already.
    if (webSocket === undefined || webSocket.readyState !== webSocket.OPEN)
      throw new ClientDisconnectedError()
    return webSocket.deliver(data)
  }

  private closeByApp(event: WebSocketCloseEvent): Promise<void> {
    const code = checkCloseCode(event.code)
    const reason = checkCloseReason(event.reason)
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
        // The worker has closed it, and the app may do so too.
        if (this.inbox.hasEnded && this.state === 'closing') return done
        throw this.unexpected(event)
    }
  }

  private close(code: number, reason: string): void {
    this.state = 'closing'
    this.webSocket?.close(code, reason)
    // The answer of the peer may come after messages that the app has not received.
    this.webSocket?.resume()
  }

  private deny(status: unknown, headers: unknown): Denial {
    const { req, socket } = this.handshake()
    this.denial = new Denial({ req, socket, runtime: this.runtime }, status, headers)
    return this.denial
  }

  private writeDenial(body: unknown, moreBody: unknown): Promise<void> {
    const isLast = !isTrue(moreBody, 'moreBody')
    const written = this.denial?.write(body, isLast) ?? done
    if (isLast) {
      this.state = 'refused'
      this.inbox.end(1006, '')
    }
    return written
  }

  private refuse(status: number, text: string | undefined): void {
    const type: HeadersOut = text === undefined ? [] : [['content-type', 'text/plain; charset=utf-8']]
    void this.deny(status, type).write(text, true)
    this.state = 'refused'
  }

  pong(): void {
    this.heardAtMs = performance.now()
    this.pingedAtMs = undefined
  }

  failed(error: Error): void {
    this.runtime.log.debug('WebSocket failed', { error })
  }

  /** The peer has left, or the connection was lost. */
  closed(code: number, reason: string): void {
    this.parts = undefined
    this.webSockets.remove(this)
    this.denial?.close()
    this.inbox.end(code, reason)
    if (this.state === 'open' || this.state === 'connecting' || this.state === 'denying') {
      this.state = 'closed'
      this.abort()
    }
    this.endSoon()
  }

  private returned(value: unknown): void {
    this.ended()
    if (value !== undefined) {
      if (this.state === 'open') this.socket.destroy()
      if (this.state === 'connecting' || this.state === 'denying') this.state = 'refused'
      throw new Error(problemOfReturned(value))
    }
    if (this.state === 'open') return this.close(1000, '')
    if (this.state !== 'connecting' && this.state !== 'denying') return
    const what = this.state === 'connecting' ? 'handshake' : 'response'
    this.state = 'refused'
    throw new Error(`ASGI callable returned without completing ${what}.`)
  }

  private async thrown(error: unknown): Promise<void> {
    this.ended()
    if (error instanceof ClientDisconnectedError && this.state === 'closed') return
    if (this.state === 'open') this.close(1011, '')
    if (this.state === 'connecting' || this.state === 'denying') this.state = 'refused'
    // The connection is cut next, but not before the close frame was sent.
    if (this.state === 'closing') await flushed(this.socket)
    throw error
  }
}
