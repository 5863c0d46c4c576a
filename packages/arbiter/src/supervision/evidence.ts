/** What a worker reported before it was lost. Pure, except for the state that it changes. */
import type { FlightRecord } from '../protocol/flight-record.js'
import type { WorkerLogRecord } from '../protocol/messages.js'
import { requestsText } from '../protocol/requests-text.js'
import type { Writable } from './state.js'
import type { WorkerRow } from './worker-table.js'

/** The watchdog of a worker has found its event loop blocked, or paused. */
export function applyBlocked(
  row: Writable<WorkerRow>,
  { blocked, fields, paused }: WorkerLogRecord,
  now: number,
): void {
  const requests = blocked ?? row.sample?.longest ?? []
  if (paused) row.blocked = { at: now, isPaused: true, requests, stack: '' }
  else if (blocked) row.blocked = { at: now, isPaused: false, requests, stack: String(fields?.error ?? '') }
}

/** Fields of the log: the worker's requests in flight and, if it is blocked, its stack. */
export interface Evidence {
  readonly requests?: string
  readonly error?: string
}

/**
 * The evidence of a worker that is about to be killed. The best source is the watchdog, then what the worker has recorded, then
 * its last heartbeat.
 */
export function evidenceOf({ blocked, sample }: WorkerRow, flight: FlightRecord | undefined): Evidence {
  if (blocked && !blocked.isPaused)
    return { ...requestsField(requestsText(blocked.requests)), error: blocked.stack }
  return flight ? lossOf(flight) : requestsField(requestsText(sample?.longest ?? []))
}

/** The evidence of a worker that has ended. */
export function lossOf({ requests, unnamed }: FlightRecord): Evidence {
  return requestsField(requestsText(requests, unnamed))
}

function requestsField(requests: string): Evidence {
  return requests === '' ? {} : { requests }
}
