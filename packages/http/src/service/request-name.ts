/** How the log names a request and where it came from. */
import { type LogFields, traceIdOf } from '@tunicorn/arbiter/worker'
import type { NodeRequestHead } from './node-request-head.js'

/** `GET /path after 1.5 s, from 192.0.2.1:4711` */
export function nameOf(head: NodeRequestHead): string {
  return `${head.method} ${head.target} after ${secondsOf(head)} s, from ${head.peer}`
}

export function fieldsOf(head: NodeRequestHead): LogFields {
  const { method, target, peer } = head
  return { method, target, seconds: secondsOf(head), peer, ...namesOf(head) }
}

/** The names of the request in other logs and in traces. */
export function namesOf(head: NodeRequestHead): LogFields {
  const traceId = traceIdOf(head)
  return {
    ...(head.id === undefined ? {} : { requestId: head.id }),
    ...(traceId === undefined ? {} : { trace_id: traceId }),
  }
}

function secondsOf({ startedAtMs }: NodeRequestHead): number {
  return Math.round(performance.now() - startedAtMs) / 1000
}
