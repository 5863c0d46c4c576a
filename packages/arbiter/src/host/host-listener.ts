/** A listener in a worker process: a handle of the arbiter's socket, asked for anew after each pause. */
import { type AddressInfo, Server } from 'node:net'
import type { Listener } from '../contract/worker-class.js'
import { TunicornError } from '../errors.js'
import { listenOnHandle, type ServerHandle } from '../sockets/handle.js'

type State = 'closed' | 'accepting' | 'paused'

export class HostListener implements Listener {
  readonly address: AddressInfo | string
  readonly #backlog: number
  readonly #requestHandle: () => void
  #state: State = 'closed'
  #server: Server | undefined
  #spare: ServerHandle | undefined
  #attempt: Promise<void> | undefined
  #waiting: ((handle: ServerHandle) => void) | undefined

  /** `requestHandle` asks the arbiter for a handle, which then comes to {@link HostListener.receive}. */
  constructor(address: AddressInfo | string, backlog: number, requestHandle: () => void) {
    this.address = address
    this.#backlog = backlog
    this.#requestHandle = requestHandle
  }

  /** A handle has come from the arbiter. */
  receive(handle: ServerHandle): void {
    const resolve = this.#waiting
    this.#waiting = undefined
    if (resolve) return resolve(handle)
    this.#spare?.close()
    this.#spare = handle
  }

  async listen(server: Server): Promise<void> {
    if (this.#server) throw new TypeError('A listener takes one server')
    this.#server = server
    await this.#accept(server)
  }

  pause(): void {
    const wasAccepting = this.#state === 'accepting'
    if (this.#state !== 'closed') this.#state = 'paused'
    // Not the server's own `close`: that of an HTTP server also resets idle connections.
    if (wasAccepting && this.#server?.listening) Server.prototype.close.call(this.#server)
  }

  async resume(): Promise<void> {
    if (!this.#server) throw new TypeError('A listener that has no server cannot be resumed')
    if (this.#state === 'paused') await this.#accept(this.#server)
  }

  /** One attempt at a time: a pause and a resume may both come while a handle is on its way. */
  #accept(server: Server): Promise<void> {
    this.#state = 'accepting'
    this.#attempt ??= this.#take(server).finally(() => {
      this.#attempt = undefined
    })
    return this.#attempt
  }

  async #take(server: Server): Promise<void> {
    const handle = await this.#handle()
    if (this.#state !== 'accepting' || server.listening) return handle.close()
    try {
      await listenOnHandle(server, handle, this.#backlog)
    } catch (cause) {
      throw new TunicornError('BIND_FAILED', `Could not listen at ${describeAddress(this.address)}`, {
        cause,
      })
    }
  }

  #handle(): Promise<ServerHandle> {
    const spare = this.#spare
    this.#spare = undefined
    if (spare) return Promise.resolve(spare)
    return new Promise(resolve => {
      this.#waiting = resolve
      this.#requestHandle()
    })
  }
}

function describeAddress(address: AddressInfo | string): string {
  if (typeof address === 'string') return `unix:${address}`
  return address.family === 'IPv6'
    ? `[${address.address}]:${address.port}`
    : `${address.address}:${address.port}`
}
