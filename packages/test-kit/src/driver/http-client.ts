/** An HTTP/1.1 client that sends exactly the bytes it is given, and shows how a connection ends. */
import assert from 'node:assert/strict'
import { EventEmitter, once } from 'node:events'
import type { Socket } from 'node:net'
import type { Listener } from '@tunicorn/arbiter/worker'
import { heldBody } from '../fixtures/perform.js'
import { connectTo } from './connect-to.js'
import type { Act, DriverAnswer, DriverClient } from './driver.js'
import { type HttpResponse, parseResponse, valuesOf } from './http-response.js'

export class HttpClient implements DriverClient {
  readonly socket: Socket
  readonly closed: Promise<void>
  /** How the connection ended, once it has. */
  end: 'open' | 'closed' | 'reset' = 'open'
  readonly #chunks: Buffer[] = []
  readonly #events = new EventEmitter()

  private constructor(socket: Socket) {
    this.socket = socket
    socket.on('data', chunk => {
      this.#chunks.push(chunk)
      this.#events.emit('change')
    })
    socket.on('error', () => {
      this.end = 'reset'
    })
    this.closed = new Promise(resolve =>
      socket.on('close', () => {
        if (this.end === 'open') this.end = 'closed'
        this.#events.emit('change')
        resolve()
      }),
    )
  }

  /** On a connection that is established or still connecting. */
  static over(socket: Socket): HttpClient {
    return new HttpClient(socket)
  }

  static async connect(address: Listener['address']): Promise<HttpClient> {
    return new HttpClient(await connectTo(address))
  }

  /** Text is sent as Latin-1. */
  send(data: string | Uint8Array): void {
    this.socket.write(data, 'latin1')
  }

  get(target: string): void {
    this.send(`GET ${target} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
  }

  /** Everything that was received and has not been taken yet. */
  get received(): Buffer {
    const all = Buffer.concat(this.#chunks)
    this.#chunks.splice(0, this.#chunks.length, all)
    return all
  }

  /** Resolves with the next response, complete or cut by the end of the connection. Rejects if not even its head arrives. */
  async response(): Promise<HttpResponse> {
    for (;;) {
      const response = parseResponse(this.received, this.end === 'closed')
      if (response?.isComplete) this.#chunks.splice(0, 1, this.received.subarray(response.bytes))
      if (response && (response.isComplete || this.end !== 'open')) return response
      if (this.end !== 'open') throw new Error(`The connection was ${this.end} before the head of a response`)
      await once(this.#events, 'change')
    }
  }

  /** Resolves when what was received and not taken satisfies the condition, or the connection has ended. */
  async until(holds: (received: Buffer) => boolean): Promise<void> {
    while (this.end === 'open' && !holds(this.received)) await once(this.#events, 'change')
  }

  async request(act: Act): Promise<DriverAnswer> {
    this.get(`/${act}`)
    const response = await this.response()
    assert.ok(response.isComplete, `the answer to \`${act}\` was cut`)
    const { status, body } = response
    if (act === 'hold') assert.deepEqual({ status, body: body.toString() }, { status: 200, body: heldBody })
    else assert.equal(status, act === 'throw' ? 500 : 203, `the status of the answer to \`${act}\``)
    return { isLast: valuesOf(response, 'connection').some(value => /\bclose\b/i.test(value)) }
  }

  leave(): void {
    this.socket.destroy()
  }
}
