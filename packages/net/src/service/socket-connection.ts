/** One connection of a `SocketService`. Its requests run one after another, and are answered in the same order. */
import { once } from 'node:events'
import type { Socket } from 'node:net'
import type { Logger, RequestHead, WorkerSettings } from '@tunicorn/arbiter/worker'
import { endInStages } from '../connection/close-in-stages.js'
import { Connection } from '../connection/connection.js'
import { Exchange, type ExchangeSource } from '../connection/exchange.js'
import { IdleTimeout } from '../connection/idle-timeout.js'
import { peerOf } from '../connection/peer-of.js'
import type { Conversation, Turn } from './conversation.js'

/** What all connections share. */
export interface SocketConnectionParts {
  readonly source: ExchangeSource
  readonly settings: Readonly<WorkerSettings>
  readonly log: Logger
  /** The worker drains. */
  isDraining(): boolean
}

/** How many requests may wait on a connection before reading from it is paused. */
const maxWaiting = 1_000

export class SocketConnection extends Connection {
  readonly #parts: SocketConnectionParts
  readonly #timeout: IdleTimeout
  readonly #gone = new AbortController()
  readonly #turns: Turn[] = []
  #conversation: Conversation | undefined
  #isRunning = false
  #hasAnswered = false
  #hasClientEnded = false

  constructor(socket: Socket, parts: SocketConnectionParts) {
    super(socket)
    this.#parts = parts
    const { settings } = parts
    this.#timeout = new IdleTimeout({
      settings,
      idle: () => this.endIfIdle(),
      late: () => {
        this.#conversation?.late?.()
        this.end()
      },
    })
  }

  /** Aborts when the connection is closed: no one is waiting for an answer any more. */
  get signal(): AbortSignal {
    return this.#gone.signal
  }

  /** The next answer will be the last: because of a drain, of `shed`, or of `keepAlive: 0`. */
  get isLast(): boolean {
    return this.isShed || this.#parts.isDraining() || this.#parts.settings.keepAlive === 0
  }

  /** No exchange has begun, no request waits, and no part of one has arrived. */
  get isIdle(): boolean {
    const isAtRest = !this.#isRunning && this.exchanges.length === 0
    return isAtRest && this.#conversation?.isWithinRequest !== true
  }

  /** To be called once, after the connection was accepted. */
  open(conversation: Conversation): void {
    const { socket } = this
    this.#conversation = conversation
    socket.setNoDelay(true)
    socket.on('data', chunk => this.#receive(conversation, chunk))
    socket.on('end', () => this.#clientEnded())
    // The `close` event that follows is all that matters.
    socket.on('error', ignore)
    socket.once('close', () => this.#closed())
    this.#timeout.expect(false)
  }

  /** Announces a request. It is reported as `aborted` if the connection closes before it has ended. */
  begin(head: RequestHead): Exchange {
    return new Exchange(this, head, this.#parts.source)
  }

  /** Called by `Exchange` when an exchange has ended. */
  override delete(exchange: Exchange): void {
    super.delete(exchange)
    if (this.isLast) this.#hasAnswered = true
    // On the next tick, when the answer has been written.
    if (!this.#isRunning) process.nextTick(() => this.#settle())
  }

  /**
   * Ends the connection and waits until the client has seen that. Requests that have arrived but not begun are not carried out,
   * and neither are those that arrive meanwhile: a client may safely send them again elsewhere.
   */
  end(): void {
    if (this.isClosing) return
    this.isClosing = true
    this.#timeout.stop()
    endInStages(this.socket)
  }

  endIfIdle(): void {
    if (this.isIdle) this.end()
  }

  #receive(conversation: Conversation, chunk: Buffer): void {
    if (this.isClosing) return
    try {
      for (const turn of conversation.receive(chunk)) {
        this.#timeout.received()
        this.#turns.push(turn)
      }
    } catch (error) {
      return this.#fail(error)
    }
    if (this.#turns.length >= maxWaiting) this.socket.pause()
    void this.#run()
  }

  async #run(): Promise<void> {
    if (this.#isRunning) return
    this.#isRunning = true
    this.#timeout.stop()
    try {
      for (let turn = this.#turns.shift(); turn !== undefined; turn = this.#turns.shift()) {
        // Synchronous turns are not awaited: the answers to a pipeline leave before anything else happens.
        const running = turn()
        if (running !== undefined) await running
        if (this.socket.writableNeedDrain) await this.#drained()
        if (this.isClosing || this.socket.destroyed) break
      }
    } catch (error) {
      this.#fail(error)
    }
    this.#isRunning = false
    this.#settle()
  }

  /** Nothing more can be done until the client sends something. */
  #settle(): void {
    if (this.#isRunning || this.isClosing || this.socket.destroyed) return
    this.socket.resume()
    if (this.exchanges.length > 0) return
    if (this.#hasClientEnded || (this.#hasAnswered && this.isIdle)) return this.end()
    this.#timeout.expect(this.#conversation?.isWithinRequest === true)
  }

  async #drained(): Promise<void> {
    await once(this.socket, 'drain', { signal: this.#gone.signal }).catch(ignore)
  }

  /** A client that ends its side while an answer is due has left. */
  #clientEnded(): void {
    this.#hasClientEnded = true
    if (this.exchanges.length > 0) this.socket.destroy()
    else this.#settle()
  }

  #fail(error: unknown): void {
    this.#parts.log.error(`A connection has failed, from ${peerOf(this.socket)}`, { error })
    this.socket.destroy()
  }

  #closed(): void {
    this.#timeout.stop()
    this.#gone.abort()
    for (const exchange of [...this.exchanges]) exchange.end('aborted')
  }
}

function ignore(): void {}
