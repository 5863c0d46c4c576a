/** What the handshake of a WebSocket consists of. */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Runtime } from '../runtime/runtime.js'
import type { Peer } from '../scope/peer.js'
import type { Target } from '../scope/target.js'
import type { WebSockets } from './websockets.js'

export interface WebSocketParts {
  readonly req: IncomingMessage
  readonly socket: Duplex
  readonly head: Buffer
  readonly target: Target
  readonly peer: Peer
  readonly subprotocols: readonly string[]
  readonly runtime: Runtime
  readonly webSockets: WebSockets
}
