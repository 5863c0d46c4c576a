/** A TCP client that sends exactly the bytes it is given, and keeps what it receives as Latin-1 text. */
import { EventEmitter, once } from 'node:events'
import { connect, type NetConnectOpts, type Socket } from 'node:net'
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
  static async connect(target: number | string, options: Partial<NetConnectOpts> = {}): Promise<RawClient> {
    const where = typeof target === 'number' ? { port: target, host: '127.0.0.1' } : { path: target }
    const client = new RawClient(connect({ ...where, ...options }))
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

  /** Sends a GET request with the host `test`. */
  get(path: string, fields: Readonly<Record<string, string>> = {}): this {
    const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`)
    return this.send(`GET ${path} HTTP/1.1\r\nHost: test\r\n${lines.join('')}\r\n`)
  }

  /** Resolves when what was received matches. Rejects if the connection ends without a match. */
  async until(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.received)
      if (match !== null) return match
      await this.#change(`before ${pattern}`)
    }
  }

  /** Resolves when what was received begins with these bytes. Rejects if the connection ends without them. */
  async beginning(bytes: string): Promise<void> {
    while (!this.received.startsWith(bytes)) await this.#change(`before ${JSON.stringify(bytes)}`)
  }

  /** Resolves with how the connection ended. */
  async closed(): Promise<'closed' | 'reset'> {
    while (this.end === 'open') await once(this.#events, 'change')
    return this.end
  }

  /** Resolves with everything that was received, once the connection has ended. */
  async all(): Promise<string> {
    await this.closed()
    return this.received
  }

  async #change(what: string): Promise<void> {
    if (this.end !== 'open')
      throw new Error(`${this.end} ${what}, received: ${JSON.stringify(this.received)}`)
    await once(this.#events, 'change')
  }
}
