/**
 * A server of the app whose `listen` opened no port, because the worker's listeners feed it. To the app it looks like a server
 * that listens. Other code recognises it by a symbol, because one process may contain two copies of this package.
 */
import type { AddressInfo, Server } from 'node:net'
import type { AskedAddress } from '../contract/adoption.js'
import { emitClose } from './emit-close.js'

type State = 'listening' | 'closing' | 'drained' | 'closed'
type CloseCallback = (error?: Error) => void

const key = Symbol.for('tunicorn.adopted')

/** The adoption of a server, if it was adopted. */
export function adoptedServer(value: unknown): AdoptedServer | undefined {
  const found: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
  // Only this file sets it.
  return found as AdoptedServer | undefined
}

export class AdoptedServer {
  readonly server: Server
  /** Further servers of the app, by the port that the configuration binds for each. May grow. */
  readonly others: Map<number, Server> = new Map()
  readonly #closed: () => void
  #address: AddressInfo | string
  #state: State = 'listening'
  #ended: Promise<void> = Promise.resolve()

  /** `closed` is called when the app closes the server. */
  constructor(server: Server, asked: AskedAddress, closed: () => void) {
    this.server = server
    this.#closed = closed
    const { host = '::', port } = asked
    this.#address = { address: host, family: host.includes(':') ? 'IPv6' : 'IPv4', port }
    Object.defineProperties(server, {
      [key]: { configurable: true, value: this },
      listening: { configurable: true, get: () => this.#state === 'listening' },
      address: method(() => (this.#state === 'closed' ? null : this.#address)),
      close: method((callback?: CloseCallback) => this.#close(callback)),
    })
  }

  get isListening(): boolean {
    return this.#state === 'listening'
  }

  /** The address at which the server is served is known, so the app is told that it listens. */
  opened(address: AddressInfo | string): void {
    this.#address = address
    if (this.#state === 'listening') this.server.emit('listening')
  }

  /** The app calls `listen` again on a server that it has closed. */
  reopen(): void {
    this.#state = 'listening'
  }

  /** The last request is done. A `close` by the app, even a later one, then completes at once. */
  drained(): void {
    const isClosing = this.#state === 'closing'
    if (this.#state !== 'closed') this.#state = 'drained'
    if (isClosing) this.#end()
  }

  /** Emits `close` once. Resolves when its listeners are done; rejects with the first error among them. */
  end(): Promise<void> {
    if (this.#state !== 'closed') this.#end()
    return this.#ended
  }

  /** Behaves like `close` of a server that listens: no more connections, and the callback once the last request is done. */
  #close(callback: CloseCallback | undefined): Server {
    const { server } = this
    if (typeof callback === 'function') {
      if (this.#state === 'closed') process.nextTick(callback, notRunning())
      else server.once('close', () => callback())
    }
    if (this.#state === 'drained') process.nextTick(() => void this.end())
    if (this.#state !== 'listening') return server
    this.#state = 'closing'
    this.#closed()
    return server
  }

  #end(): void {
    this.#state = 'closed'
    this.#ended = emitClose(this.server)
  }
}

function method(value: (...args: never[]) => unknown): PropertyDescriptor {
  return { configurable: true, writable: true, value }
}

/** The same error as Node's. */
function notRunning(): Error {
  return Object.assign(new Error('Server is not running.'), { code: 'ERR_SERVER_NOT_RUNNING' })
}
