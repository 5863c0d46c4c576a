/**
 * Messages from one worker to the others, as the app or a worker class sends and receives them. Each end is an `AppBroadcasts`:
 * one in the main thread of a worker, and one in each thread of a class that has threads. The limits are enforced here, at the
 * sender, because anywhere else it would be too late to refuse a message.
 */
import { TunicornError } from '../errors.js'

/** Any value that JSON can represent. */
export interface BroadcastOptions {
  /** Name of the group that should receive it. @default all of them */
  readonly group?: string
}

export type BroadcastListener = (data: unknown) => void

/** Takes a message to be sent, as JSON. Returns false when it cannot be taken now. */
type Post = (text: string, group: string | undefined) => boolean

const maxBytes = 16_384
const bytesPerSecond = 1_048_576
const messagesPerSecond = 20_000

export class AppBroadcasts {
  readonly #post: Post
  readonly #listeners = new Set<BroadcastListener>()
  readonly #bytes = new Allowance(bytesPerSecond, bytesPerSecond / 2)
  readonly #messages = new Allowance(messagesPerSecond, messagesPerSecond)

  constructor(post: Post) {
    this.#post = post
  }

  /** @throws TunicornError `BROADCAST_TOO_LARGE`, `BROADCAST_TOO_OFTEN`; TypeError for what JSON cannot represent */
  broadcast(data: unknown, { group }: BroadcastOptions = {}): void {
    const text: string | undefined = JSON.stringify(data)
    if (text === undefined) throw new TypeError(`A broadcast is JSON, which has no ${typeof data}`)
    const bytes = Buffer.byteLength(text)
    if (bytes > maxBytes)
      throw new TunicornError(
        'BROADCAST_TOO_LARGE',
        `A broadcast may have ${maxBytes} bytes of JSON, this one has ${bytes}; send where the data is, not the data`,
      )
    const isAllowed = this.#bytes.has(bytes) && this.#messages.has(1)
    if (!isAllowed || !this.#post(text, group))
      throw new TunicornError(
        'BROADCAST_TOO_OFTEN',
        `A worker may broadcast ${messagesPerSecond} messages and ${bytesPerSecond} bytes in a second; this one was not sent`,
      )
    this.#bytes.take(bytes)
    this.#messages.take(1)
  }

  /** Returns a function that unsubscribes the listener. */
  subscribe(listener: BroadcastListener): () => void {
    // A new function each time, so that a listener that is added twice is called twice, and each can be removed separately.
    const entry: BroadcastListener = data => listener(data)
    this.#listeners.add(entry)
    return () => void this.#listeners.delete(entry)
  }

  /** Messages have arrived, in this order. */
  deliver(texts: readonly string[]): void {
    if (this.#listeners.size === 0) return
    for (const text of texts) for (const listener of this.#listeners) call(listener, text)
  }
}

/** Each listener gets its own copy of the data. An error that one throws is uncaught, as in any Node event, and affects no other. */
function call(listener: BroadcastListener, text: string): void {
  try {
    listener(JSON.parse(text))
  } catch (error) {
    process.nextTick(() => {
      throw error
    })
  }
}

/** A limit for each second, and for each burst. */
class Allowance {
  readonly #perSecond: number
  readonly #most: number
  #left: number
  #at = performance.now()

  constructor(perSecond: number, most: number) {
    this.#perSecond = perSecond
    this.#most = most
    this.#left = most
  }

  has(amount: number): boolean {
    const now = performance.now()
    this.#left = Math.min(this.#most, this.#left + ((now - this.#at) / 1_000) * this.#perSecond)
    this.#at = now
    return this.#left >= amount
  }

  take(amount: number): void {
    this.#left -= amount
  }
}
