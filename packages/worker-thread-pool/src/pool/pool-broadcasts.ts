/** What threads, and other workers, tell all others: passed on between the threads of this pool and the arbiter. */
import type { BroadcastOptions, Logger } from '@tunicorn/arbiter/worker'
import type { Broadcast, PoolThread } from './pool-thread.js'

export interface PoolBroadcastParts {
  /** The group of this worker. */
  readonly group: string
  readonly log: Logger
  threads(): Iterable<PoolThread>
  /** To the other workers. @throws TunicornError when it is too much */
  send(data: unknown, options: BroadcastOptions): void
}

export class PoolBroadcasts {
  readonly #parts: PoolBroadcastParts
  #unheard = 0
  #unsent = 0

  constructor(parts: PoolBroadcastParts) {
    this.#parts = parts
  }

  /** Another worker has said it, or the thread `from`. */
  hear(text: string, from?: PoolThread): void {
    for (const thread of this.#parts.threads()) if (thread !== from && !thread.hear(text)) this.#unheard += 1
  }

  /** A thread says it. */
  pass(from: PoolThread, { text, group }: Broadcast): void {
    if (group === undefined || group === this.#parts.group) this.hear(text, from)
    try {
      this.#parts.send(JSON.parse(text), group === undefined ? {} : { group })
    } catch {
      // Each thread has bounds of its own; together they were too much.
      this.#unsent += 1
    }
  }

  /** To be called now and then: says what was lost since. */
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
