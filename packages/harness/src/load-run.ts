import { Agent } from 'node:http'
import { type Address, connectionTo } from './address.js'
import { perform, type RequestPlan } from './load-client.js'
import { type Answer, type LoadReport, LoadTally } from './load-report.js'

export interface LoadRunOptions {
  /** An address, or a URL as the log line `Listening at` names it. */
  readonly to: Address | string
  /** Number of clients. Each sends its next request when it has its answer. @default 4 */
  readonly clients?: number
  /** One connection per client, or one per request. @default true */
  readonly keepAlive?: boolean
  /** @default 'GET' */
  readonly method?: string
  /** @default '/' */
  readonly target?: string
  readonly headers?: Readonly<Record<string, string>>
  /** A header field that names each request: `CLIENT-REQUEST`, with the numbers of a `LoadFailure`. */
  readonly nameField?: string
  readonly body?: string | Uint8Array
  /** @default 200 */
  readonly expectedStatus?: number
  /**
   * Checks every complete answer with the expected status, and throws if it is not the right one. What it returns is
   * counted in `labels`, for example the pid and the generation of the worker that answered.
   */
  readonly check?: (answer: Answer) => string | undefined
  /** Time for one request, from its start to the last byte of its answer. @default 15000 */
  readonly timeoutMs?: number
  /** Pause of a client between an answer and its next request. @default 0 */
  readonly pauseMs?: number
  /** The run ends by itself after this many requests. @default 100000 */
  readonly maxRequests?: number
  /** The run ends by itself after this time. @default 60000 */
  readonly maxMs?: number
}

/** A client waits after a failure, so that refused connections do not become a busy loop. */
const PAUSE_AFTER_FAILURE_MS = 10

/** Constant load from closed-loop clients, from its construction until `stop` or one of its bounds. */
export class LoadRun implements AsyncDisposable {
  /** Resolves when every client has ended. */
  readonly finished: Promise<LoadReport>
  readonly #tally = new LoadTally()
  readonly #options: LoadRunOptions
  readonly #plan: RequestPlan
  readonly #startedAt = performance.now()
  readonly #waiting = new Set<() => void>()
  readonly #stopping = new AbortController()
  #begun = 0
  #isFinished = false

  constructor(options: LoadRunOptions) {
    this.#options = options
    this.#plan = planOf(options)
    const timer = setTimeout(() => this.#stopping.abort(), options.maxMs ?? 60_000)
    const clients = Array.from({ length: options.clients ?? 4 }, (_, client) => this.#runClient(client))
    this.finished = Promise.all(clients).then(() => {
      clearTimeout(timer)
      this.#isFinished = true
      this.#wake()
      return this.report()
    })
  }

  /** What has been seen so far. */
  report(): LoadReport {
    return this.#tally.report(performance.now() - this.#startedAt)
  }

  /** How many answers had which label so far. Cheap, whereas a report sorts all times. */
  get labels(): ReadonlyMap<string, number> {
    return this.#tally.labels
  }

  /** Resolves after `count` more `ok` answers. Rejects with the summary if the run ends before that. */
  waitForAnswers(count: number): Promise<void> {
    const goal = this.#tally.ok + count
    return new Promise((resolve, reject) => {
      const look = (): void => {
        if (this.#tally.ok < goal && !this.#isFinished) return
        this.#waiting.delete(look)
        if (this.#tally.ok >= goal) resolve()
        else reject(new Error(`The load ended before ${goal} good answers. ${this.report().summary}`))
      }
      this.#waiting.add(look)
      look()
    })
  }

  /** Starts no more requests, waits for those in flight (`timeoutMs` of each at most), and resolves with all totals. */
  stop(): Promise<LoadReport> {
    this.#stopping.abort()
    return this.finished
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  async #runClient(client: number): Promise<void> {
    const { keepAlive = true, maxRequests = 100_000, pauseMs = 0, nameField } = this.#options
    const agent = new Agent({ keepAlive, maxSockets: 1 })
    for (let request = 1; !this.#stopping.signal.aborted && this.#begun < maxRequests; request++) {
      this.#begun += 1
      const name = nameField === undefined ? {} : { [nameField]: `${client}-${request}` }
      const headers = { ...this.#plan.headers, ...name }
      const result = await perform({ ...this.#plan, headers }, agent, client)
      this.#tally.add(result, { client, request, atMs: performance.now() - this.#startedAt })
      this.#wake()
      await pause(result.outcome === 'ok' ? pauseMs : Math.max(pauseMs, PAUSE_AFTER_FAILURE_MS))
    }
    agent.destroy()
  }

  #wake(): void {
    for (const look of [...this.#waiting]) look()
  }
}

/** Throws, with the whole summary, unless there were requests and every one of them was `ok`. */
export function checkAllOk(report: LoadReport): void {
  if (report.requests === 0 || report.failed > 0)
    throw new Error(`Not every request was served. ${report.summary}`)
}

function planOf(options: LoadRunOptions): RequestPlan {
  return {
    connection: connectionTo(options.to),
    method: options.method ?? 'GET',
    target: options.target ?? '/',
    headers: options.headers ?? {},
    body: options.body,
    expectedStatus: options.expectedStatus ?? 200,
    timeoutMs: options.timeoutMs ?? 15_000,
    check: options.check,
  }
}

async function pause(ms: number): Promise<void> {
  if (ms > 0) await new Promise(resolve => setTimeout(resolve, ms))
}
