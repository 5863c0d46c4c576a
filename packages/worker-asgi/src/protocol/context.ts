/** What the server offers beyond ASGI, as `scope.extensions.server`. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

/** One object per request or socket. It stays valid when middleware copies the scope. */
export interface ServerContext {
  /** Aborts when the client leaves before the response is complete, or at the deadline of a drain. */
  readonly signal: AbortSignal
  /** Aborts when the worker begins to drain. The client is still connected, so an endless response can end properly. */
  readonly draining: AbortSignal
  /** `false` while more than the high-water mark waits for the client. Meanwhile `send` waits too. */
  readonly writable: boolean
  /** Bytes that wait for the client. */
  readonly bufferedAmount: number
  /** Spawn order of this worker, never reused by the same arbiter. 0 without an arbiter. */
  readonly workerId: number
  /** Keeps a draining worker running until the promise has settled. The response does not wait. A rejection is logged. */
  waitUntil(promise: PromiseLike<unknown>): void
  /** The underlying objects of Node.js. The server does not see what is done to them. */
  readonly native: NativeObjects
}

export interface NativeObjects {
  readonly req: IncomingMessage
  readonly res?: ServerResponse
  readonly socket?: Duplex
}
