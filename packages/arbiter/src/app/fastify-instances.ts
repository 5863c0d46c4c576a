/** The Fastify instances that an app creates, as Fastify announces them. A server that listens does not know its own instance. */
import { subscribe } from 'node:diagnostics_channel'
import type { Server } from 'node:net'
import { member } from './kind.js'

export class FastifyInstances {
  readonly #instances: unknown[] = []

  /** Records the instances that are created from now on. */
  constructor() {
    subscribe('fastify.initialization', message => this.#instances.push(member(message, 'fastify')))
  }

  /** The instance that created `server`. */
  of(server: Server): unknown {
    return this.#instances.find(instance => member(instance, 'server') === server)
  }
}
