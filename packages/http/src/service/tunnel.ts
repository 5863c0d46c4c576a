/** A request that takes its connection over: CONNECT and upgrades. */
import type { IncomingMessage } from 'node:http'
import type { Logger } from '@tunicorn/arbiter/worker'
import type { NodeApp } from '../app/node-app.js'
import { isThenable } from '../is-thenable.js'
import type { Places } from '../overload/places.js'
import { guardBody } from '../refusals/guard-body.js'
import type { Refusal } from '../refusals/refusal.js'
import { keepHeaders } from '../refusals/replace-fields.js'
import type { RequestJudge } from '../refusals/request-judge.js'
import type { RequestLimits } from '../refusals/request-limits.js'
import { hasNoUnderscore } from '../refusals/underscore.js'
import type { Exchange } from './exchange.js'
import { logFailure } from './failure.js'
import type { TunnelRequest } from './put-back.js'
import type { RefusalReport } from './refusal-report.js'
import type { RequestIds } from './request-ids.js'
import { overload, retryAfter } from './request-seeker.js'
import { watchHead } from './watch-head.js'

export type TunnelEvent = 'upgrade' | 'connect'

export interface TunnelParts {
  readonly app: NodeApp
  readonly limits: RequestLimits
  readonly places: Places | undefined
  readonly ids: RequestIds | undefined
  readonly judge: RequestJudge
  readonly refusals: RefusalReport
  readonly log: Logger
}

/** The app has no handler for the request. */
export const unsupported: Refusal = { status: 501, reason: 'upgrade' }
const excess: Refusal = { status: 413, reason: 'body', limit: 'limitRequestBody' }

/** Passes the request to the app, or refuses it. Call once the previous responses are sent. */
export function openTunnel(
  event: TunnelEvent,
  exchange: Exchange,
  { req, socket, head }: TunnelRequest,
  { app, ids, judge, limits, log, places, refusals }: TunnelParts,
): void {
  const { connection } = exchange
  const { id } = exchange.head
  const handler = app[event]
  const { refusal, isChunked, dropsFields } = judge(req)
  if (dropsFields) keepHeaders(req, hasNoUnderscore)
  const broken = refusal ?? (isChunked ? excessOf(req, limits) : undefined)
  const crowded = places?.isFull === true ? overload('maxQueue') : undefined
  const found = broken ?? (handler === undefined ? unsupported : crowded)
  if (handler === undefined || found !== undefined) {
    refusals.tell(found ?? unsupported, connection.socket, id)
    return refuseTunnel(exchange, (found ?? unsupported).status)
  }
  const bytesBefore = connection.socket.bytesWritten
  const end = (code: number): void => {
    if (connection.socket.bytesWritten === bytesBefore) refuseTunnel(exchange, code)
    else socket.destroy()
  }
  const failed = (error: unknown): void => {
    if (logFailure(exchange, error, log)) end(500)
  }
  // Newer Nodes read the body of such a request for the app. In older ones, it is part of the bytes of the socket.
  const refuse = (late: Refusal): void => {
    refusals.tell(late, connection.socket, id)
    end(late.status)
  }
  if (isChunked) guardBody(req, limits, refuse)
  if (id !== undefined) ids?.passOn(req, id)
  watchHead(socket, answered => exchange.answered(answered), id === undefined ? id : ids?.lineOf(id))
  try {
    const result = handler(req, socket, head)
    if (isThenable(result)) result.then(undefined, failed)
  } catch (error) {
    failed(error)
  }
}

/** The refusal if newer Nodes have read more of a body than is allowed together with the head of an upgrade. */
function excessOf(req: IncomingMessage, { limitRequestBody }: RequestLimits): Refusal | undefined {
  return limitRequestBody > 0 && req.readableLength > limitRequestBody ? excess : undefined
}

function refuseTunnel(exchange: Exchange, status: number): void {
  exchange.refuse(status, status === 503 ? retryAfter : {})
  exchange.end('sent', { status })
}
