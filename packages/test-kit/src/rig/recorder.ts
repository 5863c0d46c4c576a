/** Records what a worker tells its host. */
import { EventEmitter, once } from 'node:events'
import type { LogFields, Logger, RequestHead, RequestOutcome } from '@tunicorn/arbiter/worker'

export interface LogLine {
  readonly level: keyof Logger
  readonly message: string
  readonly fields: LogFields
}

/** A request that the worker has announced. */
export interface RecordedRequest {
  readonly head: RequestHead
  /** Exactly one if the worker keeps the contract. */
  readonly outcomes: readonly RequestOutcome[]
}

export class Recorder {
  readonly lines: LogLine[] = []
  readonly requests: RecordedRequest[] = []
  readonly retirements: string[] = []
  readonly log: Logger = {
    debug: (message, fields = {}) => this.#write({ level: 'debug', message, fields }),
    info: (message, fields = {}) => this.#write({ level: 'info', message, fields }),
    warn: (message, fields = {}) => this.#write({ level: 'warn', message, fields }),
    error: (message, fields = {}) => this.#write({ level: 'error', message, fields }),
  }
  readonly #changes = new EventEmitter().setMaxListeners(0)

  begin(head: RequestHead): (outcome: RequestOutcome) => void {
    const outcomes: RequestOutcome[] = []
    this.requests.push({ head, outcomes })
    this.#changes.emit('change')
    return outcome => {
      outcomes.push(outcome)
      this.#changes.emit('change')
    }
  }

  /** Resolves when the condition holds. It is checked whenever something is recorded. */
  async when(holds: () => boolean): Promise<void> {
    while (!holds()) await once(this.#changes, 'change')
  }

  /** Resolves when the request with this number, counted from 0, has begun and ended. */
  async outcome(index: number): Promise<RequestOutcome> {
    await this.when(() => (this.requests[index]?.outcomes.length ?? 0) > 0)
    const outcome = this.requests[index]?.outcomes[0]
    if (outcome === undefined) throw new TypeError('An outcome was there and is gone')
    return outcome
  }

  /** Counts of requests, for the message of a failure. */
  summary(): string {
    const ends = this.requests.flatMap(({ outcomes }) => outcomes.map(({ type }) => `\`${type}\``))
    const how = ends.length === 0 ? '' : ` (${ends.join(', ')})`
    return `requests begun: ${this.requests.length}, reported as ended: ${ends.length}${how}`
  }

  #write(line: LogLine): void {
    this.lines.push(line)
    this.#changes.emit('change')
  }
}
