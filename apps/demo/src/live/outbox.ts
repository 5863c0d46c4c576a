/** Stands between a room that speaks at any time and a client that reads at its own pace. */

/** The most messages that wait for one client. A client that is further behind misses the oldest ones. */
const maxQueue = 64

export class Outbox {
  readonly #queue: string[] = []
  readonly #send: (text: string) => Promise<void>
  #isSending = false

  constructor(send: (text: string) => Promise<void>) {
    this.#send = send
  }

  put(text: string): void {
    this.#queue.push(text)
    if (this.#queue.length > maxQueue) this.#queue.shift()
    if (!this.#isSending) void this.#run()
  }

  async #run(): Promise<void> {
    this.#isSending = true
    try {
      for (let text = this.#queue.shift(); text !== undefined; text = this.#queue.shift())
        await this.#send(text)
    } catch {
      // The client has left. The reader learns of that too, and closes the box by leaving the room.
    } finally {
      this.#isSending = false
    }
  }
}
