/** Decides whether the listeners accept: they do while there are fewer connections than allowed, until `stop`. */

import type { Server } from 'node:net'
import type { Listener, WorkerContext } from '@tunicorn/arbiter/worker'

export interface AcceptorParts {
  readonly listeners: readonly Listener[]
  /** One per listener, in the same order. */
  readonly servers: readonly Server[]
  /** The number of connections at which accepting is paused. 0 = no limit. */
  readonly limit: number
  /** A listener could not be resumed: this worker will not accept again. */
  failed(error: unknown): void
}

/** For `AcceptorParts.failed`: a worker that can no longer accept asks to be replaced. */
export function listenerFailed(context: Pick<WorkerContext, 'log' | 'retire'>): AcceptorParts['failed'] {
  return error => {
    context.log.error('A listener could not be resumed', { error })
    context.retire('a listener could not be resumed')
  }
}

export class Acceptor {
  readonly #parts: AcceptorParts
  #connections = 0
  #isStarted = false
  #isStopped = false
  #isPaused = false
  #isResuming = false

  constructor(parts: AcceptorParts) {
    this.#parts = parts
  }

  /** Accepts on every listener. Rejects when one of them cannot. */
  async start(): Promise<void> {
    this.#isStarted = true
    const { listeners, servers } = this.#parts
    await Promise.all(servers.map((server, index) => listeners[index]?.listen(server)))
    // A pause during `listen` came too early for a listener that was not open yet.
    if (this.#isPaused) this.#pauseAll()
  }

  /** Stops accepting for good. Immediate; established connections are kept. */
  stop(): void {
    this.#isStopped = true
    this.#pause()
  }

  /** To be called with the number of established connections after every change. */
  update(connections: number): void {
    this.#connections = connections
    if (!this.#mayAccept) this.#pause()
    else if (this.#isPaused && !this.#isResuming) this.#resume().catch(error => this.#parts.failed(error))
  }

  get #mayAccept(): boolean {
    const { limit } = this.#parts
    return !this.#isStopped && (limit === 0 || this.#connections < limit)
  }

  #pause(): void {
    if (this.#isPaused || !this.#isStarted) return
    this.#isPaused = true
    this.#pauseAll()
  }

  #pauseAll(): void {
    for (const listener of this.#parts.listeners) listener.pause()
  }

  async #resume(): Promise<void> {
    this.#isResuming = true
    try {
      while (this.#isPaused && this.#mayAccept) {
        this.#isPaused = false
        await Promise.all(this.#parts.listeners.map(listener => listener.resume()))
        if (this.#isPaused) this.#pauseAll()
      }
    } finally {
      this.#isResuming = false
    }
  }
}
