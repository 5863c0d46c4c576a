import { once } from 'node:events'
import { type AddressInfo, Server } from 'node:net'
import type { Listener } from '../contract/worker-class.js'

const anyPort: AddressInfo = { address: '127.0.0.1', family: 'IPv4', port: 0 }

/**
 * A listener that binds in its own process, for a worker class without an arbiter: in a test, or embedded. Pausing closes
 * the socket, and resuming binds the same address again.
 */
export class LocalListener implements Listener {
  #address: AddressInfo | string
  #server: Server | undefined
  #isAccepting = false
  /** Whether it was last told to accept. Binding takes a moment, and this may change meanwhile. */
  #isWanted = false
  #binding: Promise<void> | undefined
  readonly #backlog: number

  /**
   * @param address an address, or the path of a Unix socket. @default any free port of 127.0.0.1
   * @param backlog how many connections may wait to be accepted. @default 511
   */
  constructor(address: AddressInfo | string = anyPort, backlog = 511) {
    this.#address = address
    this.#backlog = backlog
  }

  /** The real address, once it is bound. */
  get address(): AddressInfo | string {
    return this.#address
  }

  /** The TCP port; 0 for a Unix socket, and for a free port that is not bound yet. */
  get port(): number {
    return typeof this.#address === 'string' ? 0 : this.#address.port
  }

  get isAccepting(): boolean {
    return this.#isAccepting
  }

  /** @throws TypeError when it already has a server */
  async listen(server: Server): Promise<void> {
    if (this.#server !== undefined) throw new TypeError('A listener takes one server')
    this.#server = server
    await this.resume()
  }

  pause(): void {
    this.#isWanted = false
    if (!this.#isAccepting || this.#server === undefined) return
    this.#isAccepting = false
    // Not the server's own `close`, because that of an HTTP server also ends idle connections.
    Server.prototype.close.call(this.#server)
  }

  /** @throws TypeError when it has no server yet */
  async resume(): Promise<void> {
    if (this.#server === undefined) throw new TypeError('A listener that has no server cannot be resumed')
    this.#isWanted = true
    if (this.#isAccepting) return
    this.#binding ??= this.#bind(this.#server).finally(() => {
      this.#binding = undefined
    })
    await this.#binding
  }

  async #bind(server: Server): Promise<void> {
    const [address, backlog] = [this.#address, this.#backlog]
    if (typeof address === 'string') server.listen({ path: address, backlog })
    else server.listen({ host: address.address, port: address.port, backlog })
    await once(server, 'listening')
    this.#address = server.address() ?? address
    this.#isAccepting = true
    if (!this.#isWanted) this.pause()
  }
}
