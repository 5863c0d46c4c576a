/** The `http.Server` of one listener, made from the settings. It enforces the timeouts; limits are checked per request. */

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

/** How often Node looks for connections that are past `headersTimeout` or `requestTimeout`. */
const checkIntervalMs = 1000

/** What an app wants of a server that is made for it. */
export interface ServerWishes {
  /** What is wanted of responses. */
  readonly details?: OutcomeDetails | undefined
  /** Which upgrades go to the `upgrade` listener; every one without it. */
  readonly wantsUpgrade?: ((req: IncomingMessage) => boolean) | undefined
  /** How connections are encrypted; absent: they are not. */
  readonly tls?: ListenerTls | undefined
  /** Clients may choose HTTP/2 in the handshake. @default false */
  readonly offersHttp2?: boolean
  /** Calls back with what `tls` is from then on. */
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
    // Node refuses a head that may take longer than the whole request; the shorter limit rules either way.
    headersTimeout: requestTimeout > 0 ? Math.min(headersTimeout, requestTimeout) : headersTimeout,
    keepAliveTimeout: toMs(settings.keepAlive),
    connectionsCheckingInterval: checkIntervalMs,
    noDelay: true,
    // Answered like any other fault of a head: see `request-refusal.ts`.
    requireHostHeader: false,
    maxHeaderSize: headBytes(settings),
    ServerResponse: responseClass(details),
    // Newer than the oldest Node that is supported, and than its types.
    ...(wantsUpgrade && { shouldUpgradeCallback: wantsUpgrade }),
  }
  const server =
    tls === undefined
      ? createServer(options)
      : createTlsServer({ ...options, ...(offersHttp2 && http2OrOlder) }, tls, onTlsRenewed)
  // Node drops the fields above this count without a word. One more than allowed is kept, so that an excess is seen.
  server.maxHeadersCount = settings.limitRequestFields === 0 ? 0 : settings.limitRequestFields + 1
  return server
}

const http2OrOlder = { ALPNProtocols: ['h2', 'http/1.1'] }

/**
 * Bytes of a whole request head, which Node refuses above. Without `limitRequestHead` it is made large enough for every head
 * that the separate limits allow, and never smaller than Node's own default.
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
