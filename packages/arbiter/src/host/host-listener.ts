/**
 * A listener in a worker process: a handle of the arbiter's socket. A pause keeps the handle and leaves new connections to other
 * workers, so neither pausing nor resuming involves the arbiter.
 */
import { type AddressInfo, Server } from 'node:net'
import type { ListenerTls } from '../contract/listener-tls.js'
import type { Listener } from '../contract/worker-class.js'
import { TunicornError } from '../errors.js'
import {
  connectionsOf,
  listenOnHandle,
  pauseAccepting,
  resumeAccepting,
  type ServerHandle,
} from '../sockets/handle.js'
import type { Balance, Yielding } from './balance.js'

type State = 'closed' | 'accepting' | 'paused'

export class HostListener implements Listener, Yielding {
  readonly isHttp2: boolean
  #tls: ListenerTls | undefined
  #renewed: ((tls: ListenerTls) => void) | undefined
  #address: AddressInfo | string
  readonly #backlog: number
  readonly #balance: () => Balance | undefined
  #state: State = 'closed'
  #isYielding = false
  #server: Server | undefined
  /** A handle that has arrived and is not in use yet. */
  #handle: ServerHandle | undefined
  #taking: Promise<void> | undefined
  #waiting: ((handle: ServerHandle | undefined) => void) | undefined
  #isReleased = false
  /** Whether a server was given that has not reported yet that it is closed. */
  #owesClose = false

  /** `balance`: decides when this worker yields. Without it, this worker never yields. */
  constructor(
    { address, isHttp2 = false, tls }: Pick<Listener, 'address' | 'isHttp2' | 'tls'>,
    backlog: number,
    balance: () => Balance | undefined = () => undefined,
  ) {
    this.isHttp2 = isHttp2
    this.#address = address
    this.#tls = tls
    this.#backlog = backlog
    this.#balance = balance
  }

  get address(): AddressInfo | string {
    return this.#address
  }

  get tls(): ListenerTls | undefined {
    return this.#tls
  }

  onTlsRenewed(renewed: (tls: ListenerTls) => void): void {
    this.#renewed = renewed
  }

  /** Replaces the certificates. */
  renewTls(tls: ListenerTls): void {
    if (!this.#tls) return
    this.#tls = tls
    this.#renewed?.(tls)
  }

  /** Called before it listens, once its address is decided. */
  move(address: AddressInfo | string): void {
    this.#address = address
  }

  /** A handle has arrived from the arbiter. */
  receive(handle: ServerHandle): void {
    if (this.#isReleased || this.#handle || this.#server?.listening) return handle.close()
    const resolve = this.#waiting
    this.#waiting = undefined
    if (resolve) return resolve(handle)
    this.#handle = handle
  }

  async listen(server: Server): Promise<void> {
    if (this.#server) throw new TypeError('A listener takes one server')
    this.#server = server
    this.#owesClose = true
    this.#state = 'accepting'
    this.#taking = this.#take(server)
    await this.#taking
    const balance = this.#balance()
    if (!balance || this.#isReleased) return
    balance.add(this)
    server.prependListener('connection', socket => balance.accepted(socket))
  }

  get connections(): number {
    return this.#server ? connectionsOf(this.#server) : 0
  }

  yield(): boolean {
    if (this.#state !== 'accepting' || this.#isYielding || !this.#server?.listening) return false
    this.#isYielding = true
    this.#apply()
    return true
  }

  goOn(): void {
    this.#isYielding = false
    this.#apply()
  }

  pause(): void {
    if (this.#state !== 'closed') this.#state = 'paused'
    this.#isYielding = false
    if (this.#isReleased) this.#close()
    else this.#apply()
  }

  async resume(): Promise<void> {
    if (!this.#server) throw new TypeError('A listener that has no server cannot be resumed')
    this.#state = 'accepting'
    this.#apply()
    await this.#taking
    if (this.#server.listening || this.#isReleased) return
    throw new TypeError('A listener whose server was closed cannot be resumed: pausing it closes nothing')
  }

  /**
   * The worker drains, so no copy of the socket may stay open in it once it no longer accepts. A `listen` that is waiting for a
   * handle resolves without one, because the arbiter may have closed its own before it could be sent.
   */
  release(): void {
    this.#isReleased = true
    this.#handle?.close()
    this.#handle = undefined
    this.#waiting?.(undefined)
    this.#waiting = undefined
    if (this.#state === 'paused' && this.#server?.listening) this.#close()
  }

  /** A server that never opened because the worker drains also reports that it is closed. */
  #close(): void {
    const server = this.#server
    if (!server || !this.#owesClose) return
    this.#owesClose = false
    // Not the server's own `close`: for an HTTP server that also resets idle connections.
    Server.prototype.close.call(server)
  }

  #apply(): void {
    const server = this.#server
    if (!server?.listening) return
    if (this.#state === 'accepting' && !this.#isYielding) resumeAccepting(server)
    else pauseAccepting(server)
  }

  async #take(server: Server): Promise<void> {
    const handle = await this.#arrival()
    if (handle === undefined) return
    try {
      await listenOnHandle(server, handle, this.#backlog)
    } catch (cause) {
      const isInUse = cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE'
      const why = isInUse ? ': another process listens there, or at an address that this one is part of' : ''
      throw new TunicornError('BIND_FAILED', `Could not listen at ${describeAddress(this.address)}${why}`, {
        cause,
      })
    }
    // Meanwhile it may have been paused or released.
    if (this.#isReleased && this.#state === 'paused') this.#close()
    else this.#apply()
  }

  #arrival(): Promise<ServerHandle | undefined> {
    const handle = this.#handle
    this.#handle = undefined
    if (handle || this.#isReleased) return Promise.resolve(handle)
    return new Promise(resolve => {
      this.#waiting = resolve
    })
  }
}

function describeAddress(address: AddressInfo | string): string {
  if (typeof address === 'string') return `unix:${address}`
  return address.family === 'IPv6'
    ? `[${address.address}]:${address.port}`
    : `${address.address}:${address.port}`
}
