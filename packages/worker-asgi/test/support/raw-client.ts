/** A TCP client that sends bytes as it is told and keeps what it gets, as Latin-1 text. */
import { EventEmitter, once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

export class RawClient {
  readonly socket: Socket
  received = ''
  /** How the connection ended, once it has. */
  end: 'open' | 'closed' | 'reset' = 'open'
  readonly #events = new EventEmitter()

  private constructor(socket: Socket) {
    this.socket = socket
    socket.setEncoding('latin1')
    socket.on('data', chunk => {
      this.received += chunk
      this.#events.emit('change')
    })
    socket.on('error', () => {
      this.end = 'reset'
    })
    socket.on('close', () => {
      if (this.end === 'open') this.end = 'closed'
      this.#events.emit('change')
    })
  }

  /** Connects to a port of the loopback address or to a path, until the test ends. */
  static async connect(target: number | string): Promise<RawClient> {
    const where = typeof target === 'number' ? { port: target, host: '127.0.0.1' } : { path: target }
    const client = new RawClient(connect(where))
    onTestFinished(() => {
      client.socket.destroy()
    })
    await once(client.socket, 'connect')
    return client
  }

  send(text: string): this {
    this.socket.write(text, 'latin1')
    return this
  }

  /** Resolves when what was received matches; rejects when the connection ended without. */
  async until(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.received)
      if (match !== null) return match
      if (this.end !== 'open')
        throw new Error(`${this.end} before ${pattern}, received: ${JSON.stringify(this.received)}`)
      await once(this.#events, 'change')
    }
  }

  /** Resolves when what was received begins with these bytes; rejects when the connection ended without. */
  async beginning(bytes: string): Promise<void> {
    while (!this.received.startsWith(bytes)) {
      if (this.end !== 'open') throw new Error(`${this.end}, received: ${JSON.stringify(this.received)}`)
      await once(this.#events, 'change')
    }
  }

  /** Resolves with all that was received when the connection has ended. */
  async closed(): Promise<string> {
    while (this.end === 'open') await once(this.#events, 'change')
    return this.received
  }
}

/** A request without a body, as bytes. */
export function get(path = '/', fields: readonly string[] = [], method = 'GET'): string {
  return `${[`${method} ${path} HTTP/1.1`, 'Host: test', ...fields].join('\r\n')}\r\n\r\n`
}

/** A request with a body, as bytes. */
export function post(body: string, fields: readonly string[] = []): string {
  return get('/', [`Content-Length: ${body.length}`, ...fields], 'POST') + body
}
