/** A listener of the test process, as a worker gets it: pausing closes its handle, resuming binds the same address again. */
import { EventEmitter, once } from 'node:events'
import { type AddressInfo, Server } from 'node:net'

export class TestListener {
  isAccepting = false
  #address: AddressInfo | string
  #server: Server | undefined
  readonly #events = new EventEmitter()

  /** A path of a Unix socket, or any port of the loopback address. */
  constructor(path?: string) {
    this.#address = path ?? { address: '127.0.0.1', family: 'IPv4', port: 0 }
  }

  get address(): AddressInfo | string {
    return this.#address
  }

  /** 0 for a Unix socket. */
  get port(): number {
    return typeof this.#address === 'string' ? 0 : this.#address.port
  }

  async listen(server: Server): Promise<void> {
    this.#server = server
    await this.resume()
  }

  pause(): void {
    if (!this.isAccepting || this.#server === undefined) return
    // `close` of an HTTP server would close its idle connections too.
    Server.prototype.close.call(this.#server)
    this.#change(false)
  }

  async resume(): Promise<void> {
    const server = this.#server
    if (server === undefined) throw new TypeError('Nothing listens here yet')
    if (typeof this.#address === 'string') server.listen(this.#address)
    else server.listen(this.#address.port, this.#address.address)
    await once(server, 'listening')
    this.#address = server.address() ?? this.#address
    this.#change(true)
  }

  /** Resolves when it accepts, or does not. */
  async until(isAccepting: boolean): Promise<void> {
    while (this.isAccepting !== isAccepting) await once(this.#events, 'change')
  }

  #change(isAccepting: boolean): void {
    this.isAccepting = isAccepting
    this.#events.emit('change')
  }
}
