/** A listener of this process: pausing closes its handle, resuming binds the same address again. */

import { EventEmitter, once } from 'node:events'
import { type AddressInfo, Server } from 'node:net'
import type { Listener } from '@tunicorn/arbiter/worker'

export class TestListener implements Listener {
  readonly events: EventEmitter<{ paused: []; resumed: [] }> = new EventEmitter()
  isAccepting = false
  #address: AddressInfo | string
  #server: Server | undefined

  /** A path of a Unix socket, or any port of the loopback address. */
  constructor(path?: string) {
    this.#address = path ?? { address: '127.0.0.1', family: 'IPv4', port: 0 }
  }

  get address(): AddressInfo | string {
    return this.#address
  }

  get port(): number {
    return typeof this.#address === 'string' ? 0 : this.#address.port
  }

  async listen(server: Server): Promise<void> {
    this.#server = server
    await this.#bind(server)
  }

  pause(): void {
    if (!this.isAccepting || this.#server === undefined) return
    this.isAccepting = false
    // `close` of an HTTP server would close its idle connections too.
    Server.prototype.close.call(this.#server)
    this.events.emit('paused')
  }

  async resume(): Promise<void> {
    if (this.#server !== undefined) await this.#bind(this.#server)
    this.events.emit('resumed')
  }

  async #bind(server: Server): Promise<void> {
    if (typeof this.#address === 'string') server.listen(this.#address)
    else server.listen(this.#address.port, this.#address.address)
    await once(server, 'listening')
    this.#address = server.address() ?? this.#address
    this.isAccepting = true
  }
}
