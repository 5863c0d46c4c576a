/** The arbiter that this one is to replace, as the new one sees it. */
import { isAdminKey } from '../probes/admin.js'
import type { BoundSocket } from '../sockets/bind.js'
import { adoptSockets, type Inheritance, takeInheritance } from '../sockets/inherit.js'
import type { SocketStore } from '../sockets/socket-store.js'
import type { Activation } from '../sockets/systemd.js'
import { type SuccessionMessage, writeSuccession } from './succession-messages.js'

export class Predecessor {
  /** Resolves when it is gone and this arbiter is the only one. */
  readonly gone: Promise<void>
  /** Those of the inherited sockets that systemd has bound. */
  readonly activation: Activation

  /** The socket where it answers probes. */
  readonly adminSocket: BoundSocket | undefined

  /** How many workers it wants in each group that scales with its load. */
  readonly workers: ReadonlyMap<string, number>

  /** The history that it has handed over. */
  readonly past: string | undefined

  private constructor({ activation, workers, past }: Inheritance, adminSocket: BoundSocket | undefined) {
    this.activation = activation
    this.workers = new Map(Object.entries(workers))
    this.adminSocket = adminSocket
    this.past = past
    this.gone = new Promise(resolve => {
      if (!process.connected) return resolve()
      process.once('disconnect', () => resolve())
      // The channel serves to notice the end of the predecessor. It must not keep this process alive.
      process.channel?.unref()
    })
  }

  /** Takes over the sockets that the environment names if an upgrade has started this process. */
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

  /** Reports how this arbiter is doing, so that the predecessor can leave or continue. */
  tell(message: SuccessionMessage): void {
    if (process.connected) process.send?.(writeSuccession(message))
  }
}
