/**
 * Requests over HTTP/2 without end, as clients make them: told to go (GOAWAY), one goes to a new connection, and takes what was
 * refused on the old one (`REFUSED_STREAM`) for never asked (RFC 9113, 8.7).
 */
import { once } from 'node:events'
import { type ClientHttp2Session, connect } from 'node:http2'
import { text } from 'node:stream/consumers'
import { expect } from 'vitest'

/** Streams at once of each client. */
const streams = 5

export class Http2Load {
  isOver = false
  answers = 0
  /** Connections that were opened. */
  sessions = 0
  readonly pids: Set<unknown> = new Set()
  readonly failures: unknown[] = []
  readonly #url: string
  readonly #ca: string | undefined
  #running: readonly Promise<void>[] = []

  /** The app says the `pid` of its process. */
  constructor(url: string, ca?: string) {
    this.#url = url
    this.#ca = ca
  }

  /** Begins with so many clients. */
  start(clients: number): this {
    this.#running = Array.from({ length: clients }, () => this.#run())
    return this
  }

  /** Resolves after so many further answers, or a failure. */
  async next(count: number): Promise<void> {
    const target = this.answers + count
    await expect
      .poll(() => this.answers >= target || this.failures.length > 0, { timeout: 60_000, interval: 20 })
      .toBe(true)
  }

  async stop(): Promise<void> {
    this.isOver = true
    await Promise.all(this.#running)
  }

  async #run(): Promise<void> {
    while (!this.isOver && this.failures.length === 0) await this.#useSession()
  }

  async #useSession(): Promise<void> {
    this.sessions += 1
    const session = connect(this.#url, this.#ca === undefined ? {} : { ca: this.#ca })
    const closed = new Promise<void>(resolve => session.once('close', resolve))
    session.on('error', error => this.failures.push(error))
    session.on('goaway', code => {
      if (code !== 0) this.failures.push(new Error(`GOAWAY ${code}`))
    })
    while (!session.closed && !session.destroyed && !this.isOver && this.failures.length === 0)
      await Promise.all(Array.from({ length: streams }, () => this.#ask(session)))
    session.close()
    await closed
  }

  async #ask(session: ClientHttp2Session): Promise<void> {
    if (session.closed || session.destroyed) return
    const stream = session.request({ ':path': '/' })
    // With its connection a stream may end without an error and without an answer.
    const ended = new AbortController()
    stream.once('close', () => ended.abort())
    try {
      const [headers] = await once(stream, 'response', { signal: ended.signal })
      expect(headers[':status']).toBe(200)
      this.pids.add(JSON.parse(await text(stream)).pid)
      this.answers += 1
    } catch (error) {
      if (stream.rstCode !== refused) this.failures.push(error)
    }
  }
}

const refused = 7
