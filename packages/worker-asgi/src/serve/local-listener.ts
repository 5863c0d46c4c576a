/** A listener of this process, for serving without an arbiter. */
import { once } from 'node:events'
import { type AddressInfo, Server } from 'node:net'
import type { Listener } from '@tunicorn/arbiter/worker'

/** Pausing closes the socket and resuming binds the same address again. */
export class LocalListener implements Listener {
  #address: AddressInfo | string
  #server: Server | undefined
  readonly #backlog: number

  constructor(address: AddressInfo | string, backlog: number) {
    this.#address = address
    this.#backlog = backlog
  }

  /** The real one, once it is bound. */
  get address(): AddressInfo | string {
    return this.#address
  }

  async listen(server: Server): Promise<void> {
    this.#server = server
    await this.#bind(server)
  }

  pause(): void {
    // Not the server's own `close`: that of an HTTP server also ends idle connections.
    if (this.#server?.listening === true) Server.prototype.close.call(this.#server)
  }

  async resume(): Promise<void> {
    if (this.#server !== undefined && !this.#server.listening) await this.#bind(this.#server)
  }

  async #bind(server: Server): Promise<void> {
    const address = this.#address
    if (typeof address === 'string') server.listen({ path: address, backlog: this.#backlog })
    else server.listen({ host: address.address, port: address.port, backlog: this.#backlog })
    await once(server, 'listening')
    this.#address = server.address() ?? address
  }
}
