/** Pings: one timer for all WebSockets of a worker. */
import type { AsgiOptions } from '../runtime/options.js'

/** What the timer needs of a WebSocket. */
export interface Pingable {
  /** Whether a pong could arrive: it is open, and the server reads from it. */
  readonly isListening: boolean
  /** When it was opened, last resumed reading, or last answered. Milliseconds of a monotonic clock. */
  heardAtMs: number
  /** When a ping was sent that has not been answered yet. */
  pingedAtMs: number | undefined
  ping(): void
  /** The peer does not answer. */
  expire(): void
}

export class PingTimer {
  readonly #intervalMs: number
  readonly #timeoutMs: number
  readonly #peers: Iterable<Pingable>
  #timer: NodeJS.Timeout | undefined

  constructor(options: Pick<AsgiOptions, 'wsPingInterval' | 'wsPingTimeout'>, peers: Iterable<Pingable>) {
    this.#intervalMs = options.wsPingInterval * 1000
    this.#timeoutMs = options.wsPingTimeout * 1000
    this.#peers = peers
  }

  /** Idempotent. */
  start(): void {
    if (this.#intervalMs === 0 || this.#timer !== undefined) return
    const shortest = this.#timeoutMs === 0 ? this.#intervalMs : Math.min(this.#intervalMs, this.#timeoutMs)
    const periodMs = Math.min(1000, Math.max(20, shortest / 4))
    this.#timer = setInterval(() => this.#sweep(), periodMs).unref()
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  #sweep(): void {
    const now = performance.now()
    for (const peer of this.#peers) this.#check(peer, now)
  }

  #check(peer: Pingable, now: number): void {
    if (!peer.isListening) {
      // The pong may be waiting behind messages that the app has not received.
      peer.heardAtMs = now
      peer.pingedAtMs = undefined
    } else if (peer.pingedAtMs !== undefined) {
      if (this.#timeoutMs > 0 && now - peer.pingedAtMs > this.#timeoutMs) peer.expire()
    } else if (now - peer.heardAtMs >= this.#intervalMs) {
      peer.pingedAtMs = now
      peer.ping()
    }
  }
}
