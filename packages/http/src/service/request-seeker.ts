/** A request that wants a place, and the answer if it gets none: it has never run, and may be sent again. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { isOfStream } from '../http2/stream-socket.js'
import type { PlaceSeeker } from '../overload/places.js'
import type { QueueLimit } from '../overload/request-queue.js'
import type { Refusal } from '../refusals/refusal.js'
import { answerStatus, refuseRequest } from '../server/refuse.js'
import type { Exchange } from './exchange.js'
import type { RefusalReport } from './refusal-report.js'

export interface RequestSeekerParts {
  readonly exchange: Exchange
  readonly res: ServerResponse
  readonly refusals: RefusalReport
  /** Calls the app. */
  run(): void
}

/** In seconds. */
export const retryAfter: Readonly<Record<string, string>> = { 'retry-after': '1' }

/** `limit`: the setting whose limit was exceeded. */
export function overload(limit: QueueLimit): Refusal {
  return { status: 503, reason: 'overload', limit }
}

/** Made only if there is a limit. */
export class RequestSeeker implements PlaceSeeker {
  readonly #parts: RequestSeekerParts

  constructor(parts: RequestSeekerParts) {
    this.#parts = parts
  }

  get isGone(): boolean {
    return this.#parts.exchange.connection.socket.destroyed
  }

  run(): void {
    this.#parts.run()
  }

  refuse(limit: QueueLimit): void {
    refuseOverload(this.#parts, limit)
  }
}

/**
 * Answers 503 with `Retry-After`. If the whole request has arrived, the connection is kept: a new one would cost a busy server
 * more. Otherwise the rest of the request would have to be read for nothing.
 */
export function refuseOverload(
  { exchange, res, refusals }: Omit<RequestSeekerParts, 'run'>,
  limit: QueueLimit,
): void {
  const { req } = res
  const { connection, head } = exchange
  const refusal = overload(limit)
  refusals.tell(refusal, connection.socket, head.id)
  if (isWhole(req)) {
    answerStatus(res, refusal.status, retryAfter)
    // The app does not read the request, and the next one follows it.
    req.resume()
    return
  }
  connection.isClosing = true
  connection.isRefused = true
  refuseRequest(req, res, refusal.status, retryAfter)
}

/** For a request without a body, Node sets `complete` only after it has handed the request over. */
function isWhole(req: IncomingMessage): boolean {
  if (req.complete || isOfStream(req)) return req.complete
  const { 'content-length': length, 'transfer-encoding': coding } = req.headers
  return coding === undefined && Number(length ?? 0) === 0
}
