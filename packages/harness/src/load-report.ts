/** What a load run saw, in words that let a failing test explain itself. */
import type { IncomingHttpHeaders } from 'node:http'

/**
 * How a request ended, exactly one of:
 *
 * - `ok`: the expected status, a complete body, and the check passed.
 * - `reset`: the connection ended before the head of the response.
 * - `refused`: no connection could be made.
 * - `timeout`: the response was not complete in time.
 * - `badStatus`: a status other than the expected one, or not HTTP.
 * - `shortBody`: the body was cut, or the check refused it.
 */
export type OutcomeClass = 'ok' | 'reset' | 'refused' | 'timeout' | 'badStatus' | 'shortBody'

/** A complete response. */
export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
  /** Number of the client, from 0. */
  readonly client: number
  /** Whether the connection had served a request before. */
  readonly isReused: boolean
}

/** How one request ended. `detail` says why it is not `ok`. */
export interface RequestResult {
  readonly outcome: OutcomeClass
  readonly detail: string
  readonly isReused: boolean
  /** What the check returned. */
  readonly label?: string | undefined
  /** From the start of the request to its end. */
  readonly ms: number
}

export interface LoadFailure {
  readonly outcome: OutcomeClass
  readonly detail: string
  readonly client: number
  /** Number of the request of that client, from 1. */
  readonly request: number
  readonly isReused: boolean
  /** Time since the start of the run. */
  readonly atMs: number
}

export interface LoadReport {
  readonly requests: number
  readonly outcomes: Readonly<Record<OutcomeClass, number>>
  /** Requests that were not `ok`. */
  readonly failed: number
  /** Number of `ok` answers by what the check returned. */
  readonly labels: ReadonlyMap<string, number>
  /** The first failures, at most 20. */
  readonly failures: readonly LoadFailure[]
  readonly durationMs: number
  /** Times of the `ok` requests, in milliseconds; 0 when there were none. */
  readonly p50Ms: number
  readonly p99Ms: number
  readonly maxMs: number
  /** All of the above as text. */
  readonly summary: string
}

const KEPT_FAILURES = 20

/** Counts what a run sees. */
export class LoadTally {
  readonly #outcomes: Record<OutcomeClass, number> = {
    ok: 0,
    reset: 0,
    refused: 0,
    timeout: 0,
    badStatus: 0,
    shortBody: 0,
  }
  readonly #labels = new Map<string, number>()
  readonly #failures: LoadFailure[] = []
  readonly #times: number[] = []

  get labels(): ReadonlyMap<string, number> {
    return new Map(this.#labels)
  }

  get ok(): number {
    return this.#outcomes.ok
  }

  get requests(): number {
    return Object.values(this.#outcomes).reduce((sum, count) => sum + count, 0)
  }

  add(result: RequestResult, at: Pick<LoadFailure, 'client' | 'request' | 'atMs'>): void {
    const { outcome, detail, isReused, label } = result
    this.#outcomes[outcome] += 1
    if (outcome === 'ok') this.#times.push(result.ms)
    if (outcome === 'ok' && label !== undefined) this.#labels.set(label, (this.#labels.get(label) ?? 0) + 1)
    if (outcome === 'ok' || this.#failures.length >= KEPT_FAILURES) return
    this.#failures.push({ outcome, detail, isReused, ...at })
  }

  report(durationMs: number): LoadReport {
    const times = this.#times.toSorted((one, other) => one - other)
    const facts = {
      requests: this.requests,
      outcomes: { ...this.#outcomes },
      failed: this.requests - this.ok,
      labels: this.labels,
      failures: [...this.#failures],
      durationMs,
      p50Ms: quantile(times, 0.5),
      p99Ms: quantile(times, 0.99),
      maxMs: times.at(-1) ?? 0,
    }
    return { ...facts, summary: summarize(facts) }
  }
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.floor(sorted.length * share)] ?? 0
}

function summarize({
  requests,
  outcomes,
  labels,
  failures,
  durationMs,
}: Omit<LoadReport, 'summary'>): string {
  const counts = Object.entries(outcomes).map(([outcome, count]) => `${outcome} ${count}`)
  const lines = [`${requests} requests in ${Math.round(durationMs)} ms: ${counts.join(', ')}`]
  for (const [label, count] of labels) lines.push(`  ${count} × ${label}`)
  for (const { outcome, client, request, isReused, atMs, detail } of failures) {
    const connection = isReused ? 'reused connection' : 'new connection'
    lines.push(
      `  ${outcome} after ${Math.round(atMs)} ms, client ${client}, request ${request}, ${connection}: ${detail}`,
    )
  }
  return lines.join('\n')
}
