/** Passes the broadcasts of threads and other workers on: between the threads of this pool, and to and from the arbiter. */
import type { BroadcastOptions, Logger } from '@tunicorn/arbiter/worker'
import type { Broadcast, PoolThread } from './pool-thread.js'

export interface PoolBroadcastParts {
  /** The group of this worker. */
  readonly group: string
  readonly log: Logger
  threads(): Iterable<PoolThread>
  /** Sends to the other workers. @throws TunicornError if it is too much */
  send(data: unknown, options: BroadcastOptions): void
}

export class PoolBroadcasts {
  readonly #parts: PoolBroadcastParts
  #unheard = 0
  #unsent = 0

  constructor(parts: PoolBroadcastParts) {
    this.#parts = parts
  }

  /** Broadcasts to all threads but `from`. Without `from`, the broadcast is from another worker. */
  hear(text: string, from?: PoolThread): void {
    for (const thread of this.#parts.threads()) if (thread !== from && !thread.hear(text)) this.#unheard += 1
  }

  /** Broadcasts on behalf of a thread. */
  pass(from: PoolThread, { text, group }: Broadcast): void {
    if (group === undefined || group === this.#parts.group) this.hear(text, from)
    try {
      this.#parts.send(JSON.parse(text), group === undefined ? {} : { group })
    } catch {
      // Each thread has limits of its own, but together they have sent too much.
      this.#unsent += 1
    }
  }

  /** To be called at intervals. Logs what has been lost since the last call. */
  report(): void {
    const { log } = this.#parts
    if (this.#unheard > 0)
      log.warn(`${this.#unheard} broadcasts were lost: threads do not read them fast enough`)
    if (this.#unsent > 0)
      log.warn(`${this.#unsent} broadcasts were not sent: the threads of this worker send too many`)
    this.#unheard = 0
    this.#unsent = 0
  }
}
