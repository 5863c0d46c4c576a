/**
 * The one request that a worker has in flight, if any, and the proof of liveness: an idle worker says steadily that it is
 * alive, a busy one says nothing, so that the arbiter's `timeout` is the request's.
 */
import type { RequestHead, RequestOutcome, WorkerContext } from '@tunicorn/arbiter/worker'

type End = (outcome: RequestOutcome) => void

/** What the watch needs of a worker's context. */
export type WatchContext = Pick<WorkerContext, 'beginRequest' | 'notify' | 'settings'>

interface Request {
  readonly end: End
  /** Takes the place of the outcome that is reported. */
  verdict?: RequestOutcome
}

const maxNotifyMs = 500

export class RequestWatch {
  readonly #context: WatchContext
  readonly #timedOut: (head: RequestHead) => void
  #request: Request | undefined
  #timer: NodeJS.Timeout | undefined
  #notifier: NodeJS.Timeout | undefined

  /** `timedOut` is called when a request has taken longer than `timeout`, as long as the event loop is not blocked. */
  constructor(context: WatchContext, timedOut: (head: RequestHead) => void) {
    this.#context = context
    this.#timedOut = timedOut
  }

  /** Begins to prove that this worker is alive. */
  start(): void {
    // At least twice between two heartbeats of the host, which come four times within a timeout.
    const intervalMs = Math.min(maxNotifyMs, this.#timeoutMs / 8 || maxNotifyMs)
    this.#notifier = setInterval(() => {
      if (this.#request === undefined) this.#context.notify()
    }, intervalMs).unref()
  }

  stop(): void {
    clearInterval(this.#notifier)
    clearTimeout(this.#timer)
  }

  /** Stands before the host's own `beginRequest`. */
  begin(head: RequestHead): End {
    const request: Request = { end: this.#context.beginRequest(head) }
    this.#request = request
    if (this.#timeoutMs > 0) this.#timer = setTimeout(() => this.#timedOut(head), this.#timeoutMs)
    return outcome => this.#finish(request, outcome)
  }

  /** Whatever the server reports of the request in flight, its outcome is this. */
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
