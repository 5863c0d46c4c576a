/** Serves the connections on the listeners of a worker, for a protocol of requests and answers. */
import { createServer, type Server, type Socket } from 'node:net'
import type { WorkerContext, WorkerStats } from '@tunicorn/arbiter/worker'
import { ConnectionSet } from '../connection/connection-set.js'
import { peerOf } from '../connection/peer-of.js'
import { chooseToShed } from '../connection/shed.js'
import { Acceptor, listenerFailed } from './acceptor.js'
import type { Conversation } from './conversation.js'
import { Drain, lingerMsOf } from './drain.js'
import { SocketConnection, type SocketConnectionParts } from './socket-connection.js'

/** What the service needs of a worker's context. */
export type SocketServiceContext = Pick<
  WorkerContext,
  'listeners' | 'settings' | 'log' | 'beginRequest' | 'allBegun' | 'retire'
>

/**
 * The methods of a `Worker` can delegate to those of the same name. `serve`, `drain` and `close` are called at most once, in
 * this order; `close` may be called at any time, and twice.
 */
export class SocketService {
  readonly #context: SocketServiceContext
  readonly #converse: (connection: SocketConnection) => Conversation
  readonly #connections = new ConnectionSet<SocketConnection>()
  readonly #shared: SocketConnectionParts
  readonly #acceptor: Acceptor
  readonly #drain: Drain
  #isDraining = false
  #closed: (() => void) | undefined

  /** `converse` is called for every accepted connection. */
  constructor(context: SocketServiceContext, converse: (connection: SocketConnection) => Conversation) {
    const { listeners, log, settings } = context
    this.#context = context
    this.#converse = converse
    this.#shared = { source: context, settings, log, isDraining: () => this.#isDraining }
    this.#acceptor = new Acceptor({
      listeners,
      servers: listeners.map(() => this.#server()),
      limit: settings.workerConnections,
      failed: listenerFailed(context),
    })
    this.#drain = new Drain({
      connections: this.#connections,
      lingerMs: lingerMsOf(settings),
      closeIdle: () => this.#closeIdle(),
      cutAll: () => this.#cutAll(),
    })
  }

  /** Accepts on every listener. Resolves once a new connection would be served. */
  async serve(): Promise<void> {
    await this.#acceptor.start()
  }

  /**
   * Stops accepting at once and resolves when no connection is left. Requests in flight are finished, and requests that arrive on
   * open connections are served. A connection ends after an answer if no request waits behind it. Connections between two requests
   * end after a linger. When `deadline` aborts, the rest is cut and logged.
   */
  drain(deadline: AbortSignal): Promise<void> {
    this.#isDraining = true
    this.#acceptor.stop()
    return this.#drain.run(deadline)
  }

  /** Cuts what is left. */
  async close(): Promise<void> {
    this.#isDraining = true
    this.#acceptor.stop()
    for (const { socket } of [...this.#connections]) socket.destroy()
    if (this.#connections.size > 0) await new Promise<void>(resolve => (this.#closed = resolve))
  }

  /** A sample that is cheap to take. */
  stats(): WorkerStats {
    return { connections: this.#connections.size }
  }

  /** Ends this many connections after their next answers: see `Worker.shed`. */
  shed(connections: number): void {
    const open = [...this.#connections].filter(({ isClosing }) => !isClosing)
    chooseToShed(open, connections, ({ exchanges }) => exchanges.length)
  }

  #server(): Server {
    // Half-open, so that the last answer reaches a client that has already ended its side.
    return createServer({ allowHalfOpen: true }, socket => this.#accept(socket))
  }

  #accept(socket: Socket): void {
    const connection = new SocketConnection(socket, this.#shared)
    this.#connections.add(connection)
    connection.open(this.#converse(connection))
    socket.once('close', () => {
      this.#connections.delete(connection)
      this.#countChanged()
    })
    this.#countChanged()
  }

  #countChanged(): void {
    const { size } = this.#connections
    this.#acceptor.update(size)
    this.#drain.countChanged()
    if (size === 0) this.#closed?.()
  }

  #closeIdle(): void {
    for (const connection of [...this.#connections]) connection.endIfIdle()
    this.#context.allBegun?.()
  }

  #cutAll(): void {
    for (const { exchanges, socket } of [...this.#connections]) {
      const peer = peerOf(socket)
      for (const { head } of exchanges)
        this.#context.log.warn(
          `Cut at the deadline of the drain: ${head.method} ${head.target}, from ${peer}`,
          {
            method: head.method,
            target: head.target,
            peer,
          },
        )
      socket.destroy()
    }
  }
}
