/**
 * What a client still sends of a request that was answered. Node reads it for as long as the client likes to send, or does
 * not read at all; either way the connection would never become idle, and a drain would wait for it.
 */

import type { IncomingMessage } from 'node:http'
import type { Logger } from '@tunicorn/arbiter/worker'
import type { Exchange, ExchangeConnection, UnreadBody } from './exchange.js'
import { fieldsOf, nameOf } from './request-name.js'

/** How long a client may be silent. */
const patienceMs = 2000
/** How long one is heard whose connection ends. */
const endingMs = 10_000
/** What is read and thrown away at most, so that the next request on the connection can be found. */
const maxBytes = 64 * 1024 * 1024

export interface LeftoverOwner {
  readonly log: Logger
  /** The request has come to its end, and the connection is free for the next one. */
  leftoverEnded(connection: ExchangeConnection): void
}

export class Leftover implements UnreadBody {
  readonly head: Exchange['head']
  readonly #connection: ExchangeConnection
  readonly #req: IncomingMessage
  readonly #owner: LeftoverOwner
  readonly #destroySoon: () => void
  /** The app goes on reading: the body is its own, and Node's `requestTimeout` is the limit. */
  readonly #isWanted: boolean
  readonly #bytesBefore: number
  #bytesSeen: number
  #timer: NodeJS.Timeout | undefined
  /** When the client was told that the connection ends. */
  #endingAtMs: number | undefined
  #isDraining = false
  #isOver = false

  /** Called when the response is finished, and before Node looks whether it was the last of its connection. */
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
    // What Node calls after the last response of a connection.
    socket.destroySoon = () => this.#endConnection()
    req.once('end', () => this.#ended())
    if (this.#isWanted) return
    req.on('data', () => this.#count())
    // An earlier reader may have paused it.
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

  /** A client that goes on sending is heard for some time more. */
  get #isHeard(): boolean {
    if (this.#endingAtMs === undefined) return this.#isWanted || !this.#isDraining
    return !this.#isDraining && performance.now() - this.#endingAtMs < endingMs
  }

  #count(): void {
    if (!this.#isEnding && this.#connection.socket.bytesRead - this.#bytesBefore > maxBytes)
      this.#endConnection()
  }

  /**
   * A socket that is closed with unread bytes sends a reset, and a reset can overtake the response. So the client sees
   * the end of the connection, and is heard for a moment more.
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
    // The app has all of it and has not read it.
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

/** By the app, which has answered first. */
function isRead(req: IncomingMessage): boolean {
  return req.listenerCount('data') > 0 || req.listenerCount('readable') > 0
}
