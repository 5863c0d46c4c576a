import type { Spawner } from '../process/spawner.js'
import type { SocketStore } from '../sockets/socket-store.js'
import type { Observers } from '../supervision/observers.js'
import type { SelfCommand } from '../system/self.js'
import type { Generations } from './generations.js'
import type { PhaseTracker } from './phase-tracker.js'
import type { StopRequest } from './stop-request.js'

/** What an arbiter has from its first moment on, before it knows its configuration. */
export interface ArbiterParts {
  readonly self: SelfCommand
  readonly spawner: Spawner
  /** The process exists for the arbiter; the arbiter is not embedded in another program. */
  readonly hasProcess: boolean
  readonly sockets: SocketStore
  readonly generations: Generations
  readonly observers: Observers
  readonly stop: StopRequest
  readonly phase: PhaseTracker
}
