/** The `http.Server` of one listener, made from the settings. It enforces the timeouts. Limits are checked for each request. */

import {
  createServer,
  type IncomingMessage,
  maxHeaderSize as ownHeaderSize,
  type Server,
  type ServerOptions,
} from 'node:http'
import type { ListenerTls, OutcomeDetails, WorkerSettings } from '@tunicorn/arbiter/worker'
import { guardEarlyHints } from './guard-early-hints.js'
import { responseClass } from './guarded-response.js'
import { createTlsServer } from './tls-server.js'

/** How often Node looks for connections that have exceeded `headersTimeout` or `requestTimeout`. */
const checkIntervalMs = 1000

/** What an app needs of the server that is made for it. */
export interface ServerWishes {
  /** What is to be recorded of responses. */
  readonly details?: OutcomeDetails | undefined
  /** Which upgrades go to the `upgrade` listener. Absent: all of them. */
  readonly wantsUpgrade?: ((req: IncomingMessage) => boolean) | undefined
  /** How connections are encrypted. Absent: they are not. */
  readonly tls?: ListenerTls | undefined
  /** Clients may choose HTTP/2 during the handshake. @default false */
  readonly offersHttp2?: boolean
  /** Registers a callback for new values of `tls`. */
  readonly onTlsRenewed?: ((renewed: (tls: ListenerTls) => void) => void) | undefined
}

/** An HTTP server that is not listening and has no handlers yet. */
export function createHttpServer(
  settings: WorkerSettings,
  { details, wantsUpgrade, offersHttp2 = false, tls, onTlsRenewed }: ServerWishes = {},
): Server {
  guardEarlyHints()
  const requestTimeout = toMs(settings.requestTimeout)
  const headersTimeout = toMs(settings.headersTimeout)
  const options: ServerOptions = {
    requestTimeout,
    // Node refuses a head timeout longer than the request timeout. The shorter limit wins either way.
    headersTimeout: requestTimeout > 0 ? Math.min(headersTimeout, requestTimeout) : headersTimeout,
    keepAliveTimeout: toMs(settings.keepAlive),
    connectionsCheckingInterval: checkIntervalMs,
    noDelay: true,
    // A missing host is answered like any other fault of a head: see `request-judge.ts`.
    requireHostHeader: false,
    maxHeaderSize: headBytes(settings),
    ServerResponse: responseClass(details),
    // Newer than the oldest supported Node, and than its types.
    ...(wantsUpgrade && { shouldUpgradeCallback: wantsUpgrade }),
  }
  const server =
    tls === undefined
      ? createServer(options)
      : createTlsServer({ ...options, ...(offersHttp2 && http2OrOlder) }, tls, onTlsRenewed)
  // Node drops fields above this count without a word. One more than allowed is kept, so that an excess can be seen.
  server.maxHeadersCount = settings.limitRequestFields === 0 ? 0 : settings.limitRequestFields + 1
  return server
}

const http2OrOlder = { ALPNProtocols: ['h2', 'http/1.1'] }

/**
 * The size of a whole request head, in bytes, above which Node refuses it. Without `limitRequestHead` it is large enough for
 * every head that the separate limits allow, and never smaller than Node's own default.
 */
export function headBytes(settings: WorkerSettings): number {
  if (settings.limitRequestHead > 0) return settings.limitRequestHead
  const line = settings.limitRequestLine === 0 ? ownHeaderSize : settings.limitRequestLine
  const fields = settings.limitRequestFields * settings.limitRequestFieldSize
  return Math.max(ownHeaderSize, line + (fields === 0 ? ownHeaderSize : fields))
}

function toMs(seconds: number): number {
  return Math.round(seconds * 1000)
}
