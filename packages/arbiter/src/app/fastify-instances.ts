/** The Fastify instances that an app makes, as Fastify tells of them: a server that listens does not know whose it is. */
import { subscribe } from 'node:diagnostics_channel'
import type { Server } from 'node:net'
import { member } from './kind.js'

export class FastifyInstances {
  readonly #instances: unknown[] = []

  /** Hears of those that are made from now on. */
  constructor() {
    subscribe('fastify.initialization', message => this.#instances.push(member(message, 'fastify')))
  }

  /** The one that has made `server`. */
  of(server: Server): unknown {
    return this.#instances.find(instance => member(instance, 'server') === server)
  }
}
