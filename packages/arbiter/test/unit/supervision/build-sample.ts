/** Samples for tests, written as what matters in them. */
import type { WorkerSample } from '../../../src/protocol/messages.js'
import {
  noRequests,
  type RequestCode,
  type RequestFigures,
  requestCodes,
} from '../../../src/protocol/request-figures.js'

export function buildSample(sketch: Partial<WorkerSample> = {}): WorkerSample {
  return {
    rss: 1,
    inFlight: 0,
    requests: 0,
    connections: 0,
    gauges: {},
    eventLoopUtilization: 0,
    eventLoopDelayP99Ms: 0,
    ended: noRequests,
    longest: [],
    ...sketch,
  }
}

/** A sample of a worker that has ended so many requests of each class. */
export function endedSample(
  codes: Partial<Record<RequestCode, number>>,
): WorkerSample & { readonly ended: RequestFigures } {
  const ended = { ...noRequests, codes: requestCodes.map(code => codes[code] ?? 0) }
  return { ...buildSample({ ended }), ended }
}
