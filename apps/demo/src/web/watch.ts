/** What the arbiter is doing, for everything in this worker that wants to know. */
import { EventEmitter } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import type { ControlClient, ControlEvent } from '@tunicorn/arbiter/control'

/** The figures of workers change with every heartbeat, which is not an event. */
const statusMs = 500
const retryMs = 500

export class Watch {
  readonly #control: ControlClient
  readonly #events = new EventEmitter<{ event: [ControlEvent] }>().setMaxListeners(0)
  readonly #closing = new AbortController()
  readonly #draining = new AbortController()

  constructor(control: ControlClient) {
    this.#control = control
    void this.#follow()
  }

  /** Aborts when this worker has to leave. An endless response then has to end, or it would hold up the deploy. */
  get draining(): AbortSignal {
    return this.#draining.signal
  }

  /** Calls `listen` with the status, at once and repeatedly, and with every event in between. @returns how to stop */
  listen(listen: (event: ControlEvent) => void): () => void {
    const tellStatus = (): void => {
      this.#control.status().then(
        status => listen({ type: 'status', at: new Date().toISOString(), status }),
        // The arbiter is leaving, so this worker will leave too.
        () => {},
      )
    }
    tellStatus()
    const timer = setInterval(tellStatus, statusMs)
    this.#events.on('event', listen)
    return () => {
      clearInterval(timer)
      this.#events.off('event', listen)
    }
  }

  close(): void {
    this.#closing.abort()
  }

  async #follow(): Promise<void> {
    const { signal } = this.#closing
    while (!signal.aborted) {
      try {
        for await (const event of this.#control.events({ signal })) this.#take(event)
      } catch {
        // It was closed, or the arbiter has cut a reader that was too slow. The loop handles both.
      }
      await wait(retryMs, undefined, { signal }).catch(() => {})
    }
  }

  #take(event: ControlEvent): void {
    if (event.type === 'status') return
    this.#events.emit('event', event)
    if (event.type === 'worker' && event.pid === process.pid && event.state === 'draining')
      this.#draining.abort()
  }
}
