import { Agent, type ClientRequest, type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'

/** Sends request after request over one connection, until an answer says that it is the last. */
export class BusyClient {
  /** Resolves after the last answer. Rejects when the connection ends in any other way. */
  readonly finished: Promise<void>
  readonly #url: string
  readonly #waiting = new Set<() => void>()
  #answers = 0

  constructor(url: string) {
    this.#url = url
    this.finished = this.#run()
    // Looked at later, by a test that may fail before.
    this.finished.catch(() => {})
  }

  /** Resolves after so many answers. */
  async answered(count: number): Promise<void> {
    while (this.#answers < count)
      await Promise.race([this.finished, new Promise<void>(resolve => this.#waiting.add(resolve))])
  }

  async #run(): Promise<void> {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    for (let isLast = false; !isLast; this.#answers += 1) {
      const outgoing = request(this.#url, { agent }).end()
      const response = await responseTo(outgoing)
      await text(response)
      if (outgoing.reusedSocket !== this.#answers > 0)
        throw new Error(
          `The connection was closed after ${this.#answers} answers; none had said that it was the last`,
        )
      isLast = response.headers.connection === 'close'
      for (const resolve of this.#waiting) resolve()
      this.#waiting.clear()
    }
    agent.destroy()
  }
}

/** The head of the response to a request that was sent. */
export function responseTo(outgoing: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    outgoing.once('response', resolve)
    outgoing.once('error', reject)
  })
}
