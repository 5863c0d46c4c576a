/**
 * The one request that a worker may have in flight, and its sign of life. An idle worker notifies at short intervals. A busy one
 * does not, so that the arbiter's `timeout` applies to the request.
 */
import type { RequestHead, RequestOutcome, WorkerContext } from '@tunicorn/arbiter/worker'

type End = (outcome: RequestOutcome) => void

/** What the watch needs of a worker's context. */
export type WatchContext = Pick<WorkerContext, 'beginRequest' | 'notify' | 'settings'>

interface Request {
  readonly end: End
  /** Replaces the outcome that is reported. */
  verdict?: RequestOutcome
}

const maxNotifyMs = 500

export class RequestWatch {
  readonly #context: WatchContext
  readonly #timedOut: (head: RequestHead) => void
  #request: Request | undefined
  #timer: NodeJS.Timeout | undefined
  #notifier: NodeJS.Timeout | undefined

  /** `timedOut` is called when a request has taken longer than `timeout`, unless the event loop is blocked. */
  constructor(context: WatchContext, timedOut: (head: RequestHead) => void) {
    this.#context = context
    this.#timedOut = timedOut
  }

  /** Begins to notify that this worker is alive. */
  start(): void {
    // At least twice between two heartbeats of the host, of which there are four within a timeout.
    const intervalMs = Math.min(maxNotifyMs, this.#timeoutMs / 8 || maxNotifyMs)
    this.#notifier = setInterval(() => {
      if (this.#request === undefined) this.#context.notify()
    }, intervalMs).unref()
  }

  stop(): void {
    clearInterval(this.#notifier)
    clearTimeout(this.#timer)
  }

  /** Wraps the host's own `beginRequest`. */
  begin(head: RequestHead): End {
    const request: Request = { end: this.#context.beginRequest(head) }
    this.#request = request
    if (this.#timeoutMs > 0) this.#timer = setTimeout(() => this.#timedOut(head), this.#timeoutMs)
    return outcome => this.#finish(request, outcome)
  }

  /** Sets the outcome of the request in flight, whatever the server reports. */
  judge(verdict: RequestOutcome): void {
    if (this.#request !== undefined) this.#request.verdict = verdict
  }

  #finish(request: Request, outcome: RequestOutcome): void {
    if (this.#request === request) {
      this.#request = undefined
      clearTimeout(this.#timer)
      this.#context.notify()
    }
    request.end(request.verdict ?? outcome)
  }

  get #timeoutMs(): number {
    return this.#context.settings.timeout * 1_000
  }
}
