/** What apps in threads tell the test, and how the test tells them to go on. */
import { EventEmitter, once } from 'node:events'
import { BroadcastChannel } from 'node:worker_threads'
import { onTestFinished } from 'vitest'

export class AppEvents {
  /** In the order of arrival, for example `started /hold?id=1`. */
  readonly seen: string[] = []
  readonly #channel = new BroadcastChannel('tunicorn-test')
  readonly #events = new EventEmitter()

  constructor() {
    this.#channel.onmessage = (event: unknown) => {
      const data: unknown =
        typeof event === 'object' && event !== null && 'data' in event ? event.data : undefined
      if (typeof data !== 'string' || data.startsWith('release')) return
      this.seen.push(data)
      this.#events.emit('change')
    }
    onTestFinished(() => this.#channel.close())
  }

  /** Lets the held request of that id answer. */
  release(id: string): void {
    this.#channel.postMessage(`release ${id}`)
  }

  /** Resolves when the text was said `times` times. */
  async until(text: string, times = 1): Promise<void> {
    while (this.count(text) < times) await once(this.#events, 'change')
  }

  count(text: string): number {
    return this.seen.filter(said => said === text).length
  }
}
