/**
 * A listener in a worker process: a handle of the arbiter's socket. A pause gives it up; the next ones are asked for in
 * advance and several at a time, so that a resume need not wait for the arbiter.
 */
import { type AddressInfo, Server } from 'node:net'
import { getSystemErrorName } from 'node:util'
import type { ListenerTls } from '../contract/listener-tls.js'
import type { Listener } from '../contract/worker-class.js'
import { TunicornError } from '../errors.js'
import { connectionsOf, listenOnHandle, type ServerHandle, takeHandle } from '../sockets/handle.js'
import type { Balance, Yielding } from './balance.js'

type State = 'closed' | 'accepting' | 'paused'

/** Handles that are asked for at once, and the number in reserve below which they are. */
const handlesPerRequest = 8
const minReserve = 3

export interface HandleSource {
  /** Asks the arbiter for so many handles, which then come to {@link HostListener.receive}. */
  request(count: number): void
  /** Whether a worker that pauses now may want to accept again. */
  isWantedAgain(): boolean
  /** What decides when this worker yields; absent: it never does. */
  balance?(): Balance | undefined
  /** After it has yielded, the listener cannot go on: no connection will come by it any more. */
  lost(error: TunicornError): void
}

export class HostListener implements Listener, Yielding {
  readonly isHttp2: boolean
  #tls: ListenerTls | undefined
  #renewed: ((tls: ListenerTls) => void) | undefined
  #address: AddressInfo | string
  readonly #backlog: number
  readonly #source: HandleSource
  #state: State = 'closed'
  #server: Server | undefined
  readonly #reserve: ServerHandle[] = []
  #attempt: Promise<void> | undefined
  #waiting: ((handle: ServerHandle | undefined) => void) | undefined
  #requested = 0
  #isReleased = false
  /** A server that was given, and has not said since that it is closed. */
  #owesClose = false
  /** While it yields: puts the next handle in place. */
  #goOn: ((handle: ServerHandle, backlog: number) => number) | undefined

  constructor(
    { address, isHttp2 = false, tls }: Pick<Listener, 'address' | 'isHttp2' | 'tls'>,
    backlog: number,
    source: HandleSource,
  ) {
    this.isHttp2 = isHttp2
    this.#address = address
    this.#tls = tls
    this.#backlog = backlog
    this.#source = source
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

  /** There are other certificates. */
  renewTls(tls: ListenerTls): void {
    if (!this.#tls) return
    this.#tls = tls
    this.#renewed?.(tls)
  }

  /** Before it listens: the address that was open until now. */
  move(address: AddressInfo | string): void {
    this.#address = address
  }

  /** A handle has come from the arbiter. */
  receive(handle: ServerHandle): void {
    this.#requested = Math.max(0, this.#requested - 1)
    if (this.#isReleased) return handle.close()
    const resolve = this.#waiting
    this.#waiting = undefined
    if (resolve) return resolve(handle)
    this.#reserve.push(handle)
  }

  async listen(server: Server): Promise<void> {
    if (this.#server) throw new TypeError('A listener takes one server')
    this.#server = server
    this.#owesClose = true
    await this.#accept(server)
    const balance = this.#source.balance?.()
    if (!balance || this.#isReleased) return
    this.#replenish()
    balance.add(this)
    server.prependListener('connection', socket => balance.accepted(socket))
  }

  get connections(): number {
    return this.#server ? connectionsOf(this.#server) : 0
  }

  /** Only with a handle in hand: to go on must not depend on an arbiter that answers. */
  yield(): boolean {
    const server = this.#server
    if (this.#state !== 'accepting' || this.#reserve.length === 0 || this.#goOn || !server?.listening)
      return false
    this.#goOn = takeHandle(server)
    return true
  }

  goOn(): void {
    const goOn = this.#goOn
    this.#goOn = undefined
    if (!goOn || this.#state !== 'accepting') return
    const handle = this.#reserve.shift()
    const code = handle ? goOn(handle, this.#backlog) : 0
    if (code === 0) return this.#replenish()
    this.#source.lost(
      new TunicornError(
        'BIND_FAILED',
        `Could not listen at ${describeAddress(this.address)}: ${getSystemErrorName(code)}`,
      ),
    )
  }

  pause(): void {
    const wasAccepting = this.#state === 'accepting'
    if (this.#state !== 'closed') this.#state = 'paused'
    this.#close()
    if (wasAccepting && this.#source.isWantedAgain()) this.#replenish()
  }

  /** A server that was never opened, because the worker drains, says that it is closed too. */
  #close(): void {
    const server = this.#server
    if (!server || !this.#owesClose || !(server.listening || this.#isReleased)) return
    this.#owesClose = false
    this.#goOn = undefined
    // Not the server's own `close`: that of an HTTP server also resets idle connections.
    Server.prototype.close.call(server)
  }

  /**
   * The worker drains: no copy of the socket may stay open in it. A `listen` or `resume` that waits for a handle resolves
   * without one, because the arbiter may have closed its own before it could be sent.
   */
  release(): void {
    this.#isReleased = true
    for (const handle of this.#reserve.splice(0)) handle.close()
    this.#waiting?.(undefined)
    this.#waiting = undefined
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
    if (handle === undefined) return
    if (this.#state !== 'accepting' || server.listening) return handle.close()
    try {
      await listenOnHandle(server, handle, this.#backlog)
      this.#owesClose = true
    } catch (cause) {
      const isInUse = cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE'
      const why = isInUse ? ': another process listens there, or at an address that this one is part of' : ''
      throw new TunicornError('BIND_FAILED', `Could not listen at ${describeAddress(this.address)}${why}`, {
        cause,
      })
    }
  }

  #handle(): Promise<ServerHandle | undefined> {
    const handle = this.#reserve.shift()
    if (handle || this.#isReleased) return Promise.resolve(handle)
    return new Promise(resolve => {
      this.#waiting = resolve
      this.#replenish()
    })
  }

  #replenish(): void {
    if (this.#isReleased || this.#reserve.length + this.#requested >= minReserve) return
    this.#requested += handlesPerRequest
    this.#source.request(handlesPerRequest)
  }
}

function describeAddress(address: AddressInfo | string): string {
  if (typeof address === 'string') return `unix:${address}`
  return address.family === 'IPv6'
    ? `[${address.address}]:${address.port}`
    : `${address.address}:${address.port}`
}
