/** Connections on the listeners of a worker, from the first to the last. */
import { createServer, type Socket } from 'node:net'
import type { Worker, WorkerContext, WorkerStats } from '@tunicorn/arbiter/worker'
import type { Command } from './app.js'
import { commandsOf } from './commands.js'
import { Connection } from './connection.js'
import type { RespOptions } from './options.js'

export class RespWorker implements Worker {
  readonly #context: WorkerContext<RespOptions>
  readonly #connections = new Set<Connection>()
  #commands: ReadonlyMap<string, Command> = new Map()
  #isDraining = false
  #isFull = false
  #emptied: (() => void) | undefined

  constructor(context: WorkerContext<RespOptions>) {
    this.#context = context
  }

  async boot(): Promise<void> {
    const { value } = await this.#context.app.load()
    this.#commands = commandsOf(value)
  }

  async serve(): Promise<void> {
    await Promise.all(
      this.#context.listeners.map(listener =>
        // The last answer is to reach a client that has already ended its side.
        listener.listen(createServer({ allowHalfOpen: true }, socket => this.#welcome(socket))),
      ),
    )
  }

  /**
   * The protocol has no way to say that a connection is about to close. So a connection that is used closes right
   * after an answer, when its client expects nothing else, and one that is not used closes after a while.
   */
  async drain(deadline: AbortSignal): Promise<void> {
    this.#isDraining = true
    for (const listener of this.#context.listeners) listener.pause()
    for (const connection of this.#connections) connection.closeAfterReply()
    const cutAll = (): void => this.#cutAll()
    if (deadline.aborted) cutAll()
    deadline.addEventListener('abort', cutAll, { once: true })
    const lingerMs = Math.min(1_000, this.#context.settings.gracefulTimeout * 250)
    const timer = setTimeout(() => {
      for (const connection of this.#connections) connection.closeIfIdle()
    }, lingerMs)
    await this.#empty()
    clearTimeout(timer)
    deadline.removeEventListener('abort', cutAll)
  }

  async close(): Promise<void> {
    this.#isDraining = true
    for (const listener of this.#context.listeners) listener.pause()
    this.#cutAll()
    await this.#empty()
  }

  stats(): WorkerStats {
    return { connections: this.#connections.size }
  }

  #welcome(socket: Socket): void {
    const connection = new Connection({ socket, commands: this.#commands, context: this.#context })
    this.#connections.add(connection)
    if (this.#isDraining) connection.closeAfterReply()
    socket.once('close', () => {
      this.#connections.delete(connection)
      this.#limit()
      if (this.#connections.size === 0) this.#emptied?.()
    })
    this.#limit()
  }

  /** At the limit connections stay in the kernel's queue, where other workers find them. */
  #limit(): void {
    const { workerConnections } = this.#context.settings
    if (workerConnections === 0 || this.#isDraining) return
    const isFull = this.#connections.size >= workerConnections
    if (isFull === this.#isFull) return
    this.#isFull = isFull
    for (const listener of this.#context.listeners) {
      if (isFull) listener.pause()
      else
        listener.resume().catch((error: unknown) => {
          this.#context.log.error('A listener could not be resumed', { error })
          this.#context.retire('a listener could not be resumed')
        })
    }
  }

  #cutAll(): void {
    for (const connection of this.#connections) connection.cut()
  }

  #empty(): Promise<void> {
    if (this.#connections.size === 0) return Promise.resolve()
    return new Promise(resolve => {
      this.#emptied = resolve
    })
  }
}
