/** Handles an app that itself calls `listen`: asks the arbiter for the address where the app may choose it. */
import type { AddressInfo } from 'node:net'
import type { AppAdoption, AskedAddress } from '../contract/adoption.js'
import type { Logger } from '../contract/logger.js'
import { TunicornError } from '../errors.js'
import type { ToHost, WorkerInit } from '../protocol/messages.js'
import type { HostChannel } from './channel.js'
import type { HostListener } from './host-listener.js'

type Addresses = readonly (AddressInfo | string)[]

/** The part of `bootTimeout` that an app may take to listen. The rest leaves time to report why it failed. */
const patience = 0.8

export interface HostAdoptionParts {
  readonly init: WorkerInit
  readonly channel: HostChannel
  readonly listeners: readonly HostListener[]
  readonly log: Logger
  retire(reason: string): void
}

export class HostAdoption implements AppAdoption {
  readonly patienceMs: number
  readonly #parts: HostAdoptionParts
  #settled: Promise<Addresses> | undefined
  #resolve: (addresses: Addresses) => void = () => {}
  #reject: (error: TunicornError) => void = () => {}

  constructor(parts: HostAdoptionParts) {
    this.#parts = parts
    const bootMs = parts.init.settings.bootTimeout * 1_000
    // Part of that time has already passed.
    this.patienceMs = bootMs === 0 ? 0 : Math.ceil(Math.max(1, bootMs * patience - performance.now()))
  }

  /** Without `asked`, the default address is used. The first call decides. */
  settle(asked?: AskedAddress): Promise<Addresses> {
    this.#settled ??= this.#ask(asked)
    return this.#settled
  }

  closed(): void {
    this.#parts.retire('closed: the app has closed its server')
  }

  unserved(text: string): void {
    this.#parts.log.warn(text)
  }

  /** The arbiter has bound the requested address, or could not. */
  receive(message: Extract<ToHost, { readonly type: 'addresses' | 'address-refused' }>): void {
    if (message.type === 'address-refused')
      return this.#reject(new TunicornError('BIND_FAILED', message.message))
    for (const [index, address] of message.addresses.entries()) this.#parts.listeners[index]?.move(address)
    this.#resolve(message.addresses)
  }

  #ask(asked: AskedAddress | undefined): Promise<Addresses> {
    const { channel, init, listeners } = this.#parts
    if (!init.isAddressOpen) return Promise.resolve(listeners.map(({ address }) => address))
    return new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
      void channel.send({ type: 'ask-address', ...(asked && { asked }) })
    })
  }
}
