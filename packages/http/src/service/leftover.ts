/**
 * What a client still sends of a request that was answered. Node reads it for as long as the client sends, or does not read it
 * at all. In both cases the connection would never become idle, and a drain would wait for it.
 */

import type { IncomingMessage } from 'node:http'
import type { Logger } from '@tunicorn/arbiter/worker'
import type { Exchange, ExchangeConnection, UnreadBody } from './exchange.js'
import { fieldsOf, nameOf } from './request-name.js'

/** How long a client may be silent. */
const patienceMs = 2000
/** How long the server continues to read from a client after it has ended the connection. */
const endingMs = 10_000
/** How much is read and discarded at most, so that the next request on the connection can be found. */
const maxBytes = 64 * 1024 * 1024

export interface LeftoverOwner {
  readonly log: Logger
  /** The request has ended, and the connection is free for the next one. */
  leftoverEnded(connection: ExchangeConnection): void
}

export class Leftover implements UnreadBody {
  readonly head: Exchange['head']
  readonly #connection: ExchangeConnection
  readonly #req: IncomingMessage
  readonly #owner: LeftoverOwner
  readonly #destroySoon: () => void
  /** The app continues to read: the body is left to it, and Node's `requestTimeout` is the limit. */
  readonly #isWanted: boolean
  readonly #bytesBefore: number
  #bytesSeen: number
  #timer: NodeJS.Timeout | undefined
  /** When the client was told that the connection ends. */
  #endingAtMs: number | undefined
  #isDraining = false
  #isOver = false

  /** Made when the response is finished, before Node checks whether it was the last of its connection. */
  constructor({ connection, head }: Exchange, req: IncomingMessage, owner: LeftoverOwner) {
    const { socket } = connection
    this.head = head
    this.#connection = connection
    this.#req = req
    this.#owner = owner
    this.#isWanted = isRead(req)
    this.#bytesBefore = socket.bytesRead
    this.#bytesSeen = socket.bytesRead
    this.#destroySoon = socket.destroySoon.bind(socket)
    connection.leftover = this
    // Node calls this after the last response of a connection.
    socket.destroySoon = () => this.#endConnection()
    req.once('end', () => this.#ended())
    if (this.#isWanted) return
    req.on('data', () => this.#count())
    // An earlier reader may have paused the request.
    req.resume()
    this.#watch()
  }

  get isReceived(): boolean {
    return this.#req.complete
  }

  drain(): void {
    this.#isDraining = true
    if (!this.#isOver) this.#watch()
  }

  close(): void {
    if (this.#isOver) return
    this.#isOver = true
    clearTimeout(this.#timer)
    this.#connection.socket.destroySoon = this.#destroySoon
    this.#connection.leftover = undefined
  }

  #ended(): void {
    if (this.#isOver) return
    this.close()
    if (this.#isEnding) this.#destroySoon()
    else this.#owner.leftoverEnded(this.#connection)
  }

  get #isEnding(): boolean {
    return this.#endingAtMs !== undefined
  }

  /** Whether to continue reading from a client that keeps sending. */
  get #isHeard(): boolean {
    if (this.#endingAtMs === undefined) return this.#isWanted || !this.#isDraining
    return !this.#isDraining && performance.now() - this.#endingAtMs < endingMs
  }

  #count(): void {
    if (!this.#isEnding && this.#connection.socket.bytesRead - this.#bytesBefore > maxBytes)
      this.#endConnection()
  }

  /**
   * Closing a socket with unread bytes sends a reset, which can overtake the response. So the server first ends its own side,
   * and continues to read for a moment.
   */
  #endConnection(): void {
    const { socket } = this.#connection
    if (this.#req.complete || socket.destroyed) return this.#destroySoon()
    this.#endingAtMs = performance.now()
    this.#connection.isClosing = true
    socket.end()
    this.#watch()
  }

  #watch(): void {
    clearTimeout(this.#timer)
    this.#bytesSeen = this.#connection.socket.bytesRead
    this.#timer = setTimeout(() => this.#look(), patienceMs)
  }

  #look(): void {
    const { socket } = this.#connection
    // The app has received all of it without reading it.
    if (this.#req.complete) return this.#ended()
    const isSilent = socket.bytesRead === this.#bytesSeen
    if (!isSilent && this.#isHeard) return this.#watch()
    const { log } = this.#owner
    const text = `Closed a connection: ${nameOf(this.head)} was answered, and its body had not ended`
    const fields = fieldsOf(this.head)
    if (this.#isWanted && !this.#isEnding) log.warn(text, fields)
    else log.debug(text, fields)
    socket.destroy()
  }
}

/** Whether the app, which answered first, reads the body. */
function isRead(req: IncomingMessage): boolean {
  return req.listenerCount('data') > 0 || req.listenerCount('readable') > 0
}
