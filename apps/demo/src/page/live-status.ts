/** The newest status of the server, and a way to wait until it is as expected. */
import type { ServerStatus } from '@tunicorn/arbiter/control'

export interface SeenStatus {
  readonly status: ServerStatus
  /** The time of the status by the clock of the server, in milliseconds. */
  readonly at: number
  /** When this page received it, by the clock of the page. */
  readonly receivedAt: number
}

export class LiveStatus {
  readonly #listeners = new Set<(seen: SeenStatus) => void>()
  #seen: SeenStatus | undefined

  /** Undefined until the server has sent a status. */
  get seen(): SeenStatus | undefined {
    return this.#seen
  }

  set(seen: SeenStatus): void {
    this.#seen = seen
    for (const listen of this.#listeners) listen(seen)
  }

  /** Resolves with the first thing that `find` finds in the status, now or later. Rejects with the reason of `signal`. */
  until<Found>(find: (seen: SeenStatus) => Found | undefined, signal: AbortSignal): Promise<Found> {
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        this.#listeners.delete(listen)
        signal.removeEventListener('abort', abort)
      }
      const abort = (): void => {
        stop()
        reject(signal.reason)
      }
      const listen = (seen: SeenStatus): void => {
        const found = find(seen)
        if (found === undefined) return
        stop()
        resolve(found)
      }
      if (signal.aborted) return reject(signal.reason)
      signal.addEventListener('abort', abort)
      this.#listeners.add(listen)
      if (this.#seen) listen(this.#seen)
    })
  }
}
