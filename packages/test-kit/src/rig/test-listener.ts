/** A listener of this process: pausing closes its handle, resuming binds the same address again. */
import { once } from 'node:events'
import { type AddressInfo, Server } from 'node:net'
import type { Listener } from '@tunicorn/arbiter/worker'

export class TestListener implements Listener {
  #address: AddressInfo | string
  #server: Server | undefined
  #isAccepting = false

  /** A path of a Unix socket, or any port of the loopback address. */
  constructor(path?: string) {
    this.#address = path ?? { address: '127.0.0.1', family: 'IPv4', port: 0 }
  }

  get address(): AddressInfo | string {
    return this.#address
  }

  get isAccepting(): boolean {
    return this.#isAccepting
  }

  async listen(server: Server): Promise<void> {
    if (this.#server) throw new TypeError('A listener takes one server')
    this.#server = server
    await this.#bind(server)
  }

  pause(): void {
    if (!this.#isAccepting || this.#server === undefined) return
    this.#isAccepting = false
    // `close` of an HTTP server would close its idle connections too.
    Server.prototype.close.call(this.#server)
  }

  async resume(): Promise<void> {
    if (this.#server === undefined) throw new TypeError('A listener that has no server cannot be resumed')
    if (!this.#isAccepting) await this.#bind(this.#server)
  }

  async #bind(server: Server): Promise<void> {
    this.#isAccepting = true
    if (typeof this.#address === 'string') server.listen(this.#address)
    else server.listen(this.#address.port, this.#address.address)
    await once(server, 'listening')
    this.#address = server.address() ?? this.#address
  }
}
