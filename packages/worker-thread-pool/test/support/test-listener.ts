/** A listener of the test process. Pausing closes its socket; resuming binds the same port again. */
import { EventEmitter, once } from 'node:events'
import { type AddressInfo, Server } from 'node:net'
import type { Listener } from '@tunicorn/arbiter/worker'

export class TestListener implements Listener {
  readonly #events = new EventEmitter()
  #address: AddressInfo = { address: '127.0.0.1', family: 'IPv4', port: 0 }
  #server: Server | undefined
  isAccepting = false

  get address(): AddressInfo {
    return this.#address
  }

  async listen(server: Server): Promise<void> {
    this.#server = server
    await this.resume()
  }

  pause(): void {
    if (!this.isAccepting || this.#server === undefined) return
    this.isAccepting = false
    // That of an HTTP server would close idle connections too.
    Server.prototype.close.call(this.#server)
    this.#events.emit('change')
  }

  async resume(): Promise<void> {
    const server = this.#server
    if (server === undefined) throw new TypeError('Nothing listens here yet')
    server.listen(this.#address.port, this.#address.address)
    await once(server, 'listening')
    const address = server.address()
    if (typeof address === 'object' && address !== null) this.#address = address
    this.isAccepting = true
    this.#events.emit('change')
  }

  /** Resolves when it accepts, or does not. */
  async until(isAccepting: boolean): Promise<void> {
    while (this.isAccepting !== isAccepting) await once(this.#events, 'change')
  }
}
