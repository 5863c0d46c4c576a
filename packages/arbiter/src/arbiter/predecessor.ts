/** The arbiter that this one is to replace, seen from the new one. */
import { isAdminKey } from '../probes/admin.js'
import type { BoundSocket } from '../sockets/bind.js'
import { adoptSockets, type Inheritance, takeInheritance } from '../sockets/inherit.js'
import type { SocketStore } from '../sockets/socket-store.js'
import type { Activation } from '../sockets/systemd.js'
import { type SuccessionMessage, writeSuccession } from './succession-messages.js'

export class Predecessor {
  /** Resolves when it is gone: this arbiter is then the only one. */
  readonly gone: Promise<void>
  /** Sockets among the inherited ones that systemd has bound. */
  readonly activation: Activation

  /** Where it answers probes. */
  readonly adminSocket: BoundSocket | undefined

  /** How many workers it wants, of groups whose load says so. */
  readonly workers: ReadonlyMap<string, number>

  /** What it has told of its past. */
  readonly past: string | undefined

  private constructor({ activation, workers, past }: Inheritance, adminSocket: BoundSocket | undefined) {
    this.activation = activation
    this.workers = new Map(Object.entries(workers))
    this.adminSocket = adminSocket
    this.past = past
    this.gone = new Promise(resolve => {
      if (!process.connected) return resolve()
      process.once('disconnect', () => resolve())
      // The channel is there to notice the end, not to keep this process.
      process.channel?.unref()
    })
  }

  /** Takes over the sockets that the environment names, if this process was started by an upgrade. */
  static find(env: NodeJS.ProcessEnv, sockets: SocketStore): Predecessor | undefined {
    const inheritance = takeInheritance(env)
    if (!inheritance) return undefined
    const inherited = adoptSockets(inheritance)
    sockets.adopt(inherited.filter(({ key }) => !isAdminKey(key)))
    return new Predecessor(
      inheritance,
      inherited.find(({ key }) => isAdminKey(key)),
    )
  }

  /** Says how it goes, so that the other may leave, or go on. */
  tell(message: SuccessionMessage): void {
    if (process.connected) process.send?.(writeSuccession(message))
  }
}
