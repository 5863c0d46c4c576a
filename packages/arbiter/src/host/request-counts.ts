/** Counts how requests end and how long they take. On the path of every request, so it allocates no objects. */
import { type RefusalReason, refusalReasons } from '../contract/refusal-reason.js'
import type { RequestOutcome } from '../contract/request.js'
import { latencyBoundsMs, type RequestFigures, requestCodes } from '../protocol/request-figures.js'

const clientError = requestCodes.indexOf('4xx')
const serverError = requestCodes.indexOf('5xx')
const aborted = requestCodes.indexOf('aborted')
const none = requestCodes.indexOf('none')

export class RequestCounts {
  readonly #codes = new Float64Array(requestCodes.length)
  readonly #latency = new Float64Array(latencyBoundsMs.length + 1)
  readonly #refused = new Float64Array(refusalReasons.length)
  #latencySumMs = 0

  /** One request has ended after `ms`. */
  add(outcome: RequestOutcome, ms: number): void {
    const code = codeOf(outcome)
    this.#codes[code] = (this.#codes[code] ?? 0) + 1
    // An upgraded connection lasts for as long as its client stays, which is not a request's duration.
    if (isUpgraded(outcome)) return
    const bucket = bucketOf(ms)
    this.#latency[bucket] = (this.#latency[bucket] ?? 0) + 1
    this.#latencySumMs += ms
  }

  /** One request did not reach the app. */
  refuse(reason: RefusalReason): void {
    const index = refusalReasons.indexOf(reason)
    // A class of another version may use reasons that are unknown here.
    if (index !== -1) this.#refused[index] = (this.#refused[index] ?? 0) + 1
  }

  /** The totals so far. */
  figures(): RequestFigures {
    return {
      codes: Array.from(this.#codes),
      latency: Array.from(this.#latency),
      latencySumMs: Math.round(this.#latencySumMs * 1_000) / 1_000,
      refused: Array.from(this.#refused),
    }
  }
}

/** Returns an index into `requestCodes`. */
function codeOf({ type, status }: RequestOutcome): number {
  if (type === 'aborted') return aborted
  const code = status === undefined ? none : Math.floor(status / 100) - 1
  // A failure that was answered as a client error counts as one. Any other is a server error, whatever was sent before it.
  if (type === 'failed') return code === clientError ? clientError : serverError
  return code >= 0 && code <= serverError ? code : none
}

function isUpgraded({ status }: RequestOutcome): boolean {
  return status !== undefined && status >= 100 && status < 200
}

function bucketOf(ms: number): number {
  let bucket = 0
  // Most requests are short, so a search from the lowest bound ends soon.
  while (bucket < latencyBoundsMs.length && ms > (latencyBoundsMs[bucket] ?? 0)) bucket += 1
  return bucket
}
