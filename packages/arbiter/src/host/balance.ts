/**
 * Spreads connections over the workers of a group. The kernel gives each connection to the worker that asks first, and a burst to
 * only one of them. A worker that holds more than its share therefore leaves the socket to the others for a moment.
 *
 * Short connections spread by themselves, and balancing would only slow them down, so it is then switched off.
 */
import type { Socket } from 'node:net'
import { ConnectionPage } from '../protocol/connection-page.js'
import { excess, fairShare } from './fair-share.js'

/** A listener of this worker that can yield. */
export interface Yielding {
  readonly connections: number
  /** Returns false when it does not accept. */
  yield(): boolean
  goOn(): void
}

export interface BalanceParts {
  readonly page: ConnectionPage
  readonly seat: number
  /** Moves this many connections to other workers. */
  shed(connections: number): void
}

/** While there are connections: how often this worker publishes its count and looks at the others. */
const lookMs = 50
/**
 * How long to wait for the other workers, and how often to look at them meanwhile. A worker that took nothing is not waited for
 * again within the next second.
 */
const patienceMs = 50
const retryMs = 2
/** How long a worker holds too many connections before it gives some away. It then waits as long for the effect. */
const shedMs = 1_000
/** Connections count as short when more are closed in a second than the first number plus the second for each open connection. */
const shortClosed = 100
const shortClosedEach = 4

export class Balance {
  readonly #page: ConnectionPage
  readonly #seat: number
  readonly #shed: (connections: number) => void
  readonly #listeners: Yielding[] = []
  readonly #passed = new Map<number, number>()
  #accepted = 0
  /** Up to this number of connections there is no need to look at the other workers. */
  #share = 0
  #published: number | undefined
  #isPublishing = false
  #isChurning = false
  #window = { startMs: performance.now(), closed: 0 }
  #timer: NodeJS.Timeout | undefined
  #excessSinceMs: number | undefined
  #yield: { readonly sinceMs: number; readonly seats: Int32Array } | undefined

  constructor({ page, seat, shed }: BalanceParts) {
    this.#page = page
    this.#seat = seat
    this.#shed = shed
  }

  /** Opens it on the page that the arbiter shares among the workers of the group. */
  static open(
    { fd, seat }: { readonly fd: number; readonly seat: number },
    shed: BalanceParts['shed'],
  ): Balance {
    return new Balance({ page: new ConnectionPage(fd), seat, shed })
  }

  add(listener: Yielding): void {
    this.#listeners.push(listener)
    this.#publish()
  }

  /** A connection has been accepted. */
  accepted(socket: Socket): void {
    this.#accepted += 1
    this.#timer ??= setTimeout(this.#look, lookMs).unref()
    if (this.#isChurning) return
    socket.once('close', this.#publishSoon)
    this.#publishSoon()
    if (this.connections > this.#share) this.#consider()
  }

  /** This worker stops accepting. */
  close(): void {
    clearTimeout(this.#timer)
    this.#listeners.length = 0
    this.#page.write(this.#seat, undefined)
  }

  get connections(): number {
    let sum = 0
    for (const listener of this.#listeners) sum += listener.connections
    return sum
  }

  /** Publishes once for all connections that open and close in one turn of the event loop. */
  readonly #publishSoon = (): void => {
    if (this.#isPublishing) return
    this.#isPublishing = true
    setImmediate(() => {
      this.#isPublishing = false
      this.#publish()
    })
  }

  #publish(): void {
    const { connections } = this
    if (this.#listeners.length === 0 || connections === this.#published) return
    this.#published = connections
    this.#page.write(this.#seat, connections)
  }

  #readShare(): Int32Array {
    const seats = this.#page.read()
    for (const [seat, value] of this.#passed) if (seats[seat] !== value) this.#passed.delete(seat)
    this.#share = fairShare({ seats, own: this.#seat, passed: this.#passed })
    return seats
  }

  #consider(): void {
    const seats = this.#readShare()
    if (this.#yield || this.connections <= this.#share) return
    let hasYielded = false
    for (const listener of this.#listeners) hasYielded = listener.yield() || hasYielded
    if (!hasYielded) return
    this.#publish()
    this.#yield = { sinceMs: performance.now(), seats: seats.slice() }
    setTimeout(this.#retry, retryMs)
  }

  readonly #retry = (): void => {
    if (!this.#yield) return
    const { sinceMs, seats: before } = this.#yield
    const seats = this.#readShare()
    if (this.connections > this.#share) {
      if (performance.now() - sinceMs < patienceMs) {
        setTimeout(this.#retry, retryMs)
        return
      }
      for (const [seat, value] of seats.entries())
        if (seat !== this.#seat && value === before[seat]) this.#passed.set(seat, value)
      this.#readShare()
    }
    this.#yield = undefined
    for (const listener of this.#listeners) listener.goOn()
  }

  readonly #look = (): void => {
    this.#timer = undefined
    if (this.#listeners.length === 0) return
    const { connections } = this
    this.#publish()
    this.#shedExcess(this.#readShare())
    this.#turnWindow(connections)
    if (connections > 0 || this.#isChurning) this.#timer = setTimeout(this.#look, lookMs).unref()
  }

  #shedExcess(seats: Int32Array): void {
    const count = this.#isChurning ? 0 : excess({ seats, own: this.#seat, passed: this.#passed })
    if (count === 0) this.#excessSinceMs = undefined
    else {
      this.#excessSinceMs ??= performance.now()
      if (performance.now() - this.#excessSinceMs < shedMs) return
      this.#excessSinceMs = undefined
      this.#shed(count)
    }
  }

  #turnWindow(connections: number): void {
    const now = performance.now()
    const closed = this.#accepted - connections
    const { startMs, closed: before } = this.#window
    const isBusy = closed - before > shortClosed + shortClosedEach * connections
    if (isBusy) this.#isChurning = true
    if (now - startMs < 1_000) return
    this.#isChurning = isBusy
    this.#passed.clear()
    this.#window = { startMs: now, closed }
  }
}
