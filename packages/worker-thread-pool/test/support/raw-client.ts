/** A TCP client that sends what it is told and keeps what it gets. */
import { EventEmitter, once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

export class RawClient {
  readonly socket: Socket
  received = ''
  isOpen = true
  readonly #events = new EventEmitter()

  private constructor(socket: Socket) {
    this.socket = socket
    socket.setEncoding('latin1')
    socket.on('data', chunk => {
      this.received += chunk
      this.#events.emit('change')
    })
    socket.on('error', () => undefined)
    socket.on('close', () => {
      this.isOpen = false
      this.#events.emit('change')
    })
  }

  static async connect(port: number): Promise<RawClient> {
    const client = new RawClient(connect({ port, host: '127.0.0.1' }))
    onTestFinished(() => {
      client.socket.destroy()
    })
    await once(client.socket, 'connect')
    return client
  }

  get(path: string): void {
    this.socket.write(`GET ${path} HTTP/1.1\r\nHost: test\r\n\r\n`)
  }

  /** Resolves when what was received matches; rejects when the connection ended without. */
  async until(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.received)
      if (match !== null) return match
      if (!this.isOpen) throw new Error(`Closed before ${pattern}, received: ${this.received}`)
      await once(this.#events, 'change')
    }
  }

  async closed(): Promise<void> {
    while (this.isOpen) await once(this.#events, 'change')
  }
}
