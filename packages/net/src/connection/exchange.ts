/** What was announced with `beginRequest`, until it has ended: a request, a command, a job. */
import type { RequestHead, RequestOutcome, ResponseSummary } from '@tunicorn/arbiter/worker'

/** Keeps the exchanges that have not ended. A `Set` would do. */
export interface ExchangeOwner {
  add(exchange: Exchange): unknown
  delete(exchange: Exchange): unknown
}

/** Where the accounting comes from: the context of the worker. */
export interface ExchangeSource {
  beginRequest(head: RequestHead): (outcome: RequestOutcome) => void
}

/** Ends exactly once, with the true outcome. One is made for every request: its members are plain because plain ones are cheapest. */
export class Exchange {
  readonly owner: ExchangeOwner
  readonly head: RequestHead
  /** Takes the outcome, once. */
  private readonly report: (outcome: RequestOutcome) => void
  protected failure: { readonly error: unknown } | undefined = undefined
  private isEnded = false

  /** Announces the request. `owner` keeps the exchange until it has ended. */
  constructor(owner: ExchangeOwner, head: RequestHead, source: ExchangeSource) {
    this.owner = owner
    this.head = head
    this.report = source.beginRequest(head)
    owner.add(this)
  }

  /** The outcome was reported. */
  get isOver(): boolean {
    return this.isEnded
  }

  /** Records that the app failed: however the exchange ends, its outcome is `failed`. `false`: it had already failed. */
  fail(error: unknown): boolean {
    if (this.failure !== undefined) return false
    this.failure = { error }
    return true
  }

  /** Reports the outcome. Only the first call counts. `aborted`: the client has left, or a deadline has passed. */
  end(type: 'sent' | 'aborted', summary?: ResponseSummary): void {
    if (this.isEnded) return
    this.isEnded = true
    this.owner.delete(this)
    this.report(this.outcome(type, summary))
  }

  /** Subclasses override this to add to the outcome. */
  protected outcome(type: 'sent' | 'aborted', summary?: ResponseSummary): RequestOutcome {
    if (this.failure === undefined) return summary === undefined ? { type } : { type, ...summary }
    return { type: 'failed', error: this.failure.error, ...summary }
  }
}
