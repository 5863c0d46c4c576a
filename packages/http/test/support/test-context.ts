/** What a host gives to a worker, recorded. */

import { EventEmitter, once } from 'node:events'
import {
  defaultWorkerSettings,
  type LocalListener,
  type LogFields,
  type Logger,
  type RequestHead,
  type RequestOutcome,
  type WorkerSettings,
} from '@tunicorn/arbiter/worker'
import type { HttpServiceContext } from '@tunicorn/http'

export interface LogLine {
  readonly level: keyof Logger
  readonly message: string
  readonly fields: LogFields
}

/** A request that began. */
export class RecordedRequest {
  readonly head: RequestHead
  readonly outcomes: RequestOutcome[] = []
  readonly #events = new EventEmitter()

  constructor(head: RequestHead) {
    this.head = head
  }

  end(outcome: RequestOutcome): void {
    this.outcomes.push(outcome)
    this.#events.emit('end')
  }

  /** Resolves with the outcome when there is one. */
  async outcome(): Promise<RequestOutcome> {
    for (;;) {
      const [outcome] = this.outcomes
      if (outcome !== undefined) return outcome
      await once(this.#events, 'end')
    }
  }
}

export class TestContext implements HttpServiceContext {
  readonly listeners: readonly LocalListener[]
  readonly settings: WorkerSettings
  readonly lines: LogLine[] = []
  readonly requests: RecordedRequest[] = []
  readonly retirements: string[] = []
  readonly refusals: string[] = []
  readonly log: Logger
  readonly #events = new EventEmitter()

  constructor(listeners: readonly LocalListener[], settings: Partial<WorkerSettings> = {}) {
    this.listeners = listeners
    this.settings = { ...defaultWorkerSettings, ...settings }
    const logger =
      (level: keyof Logger) =>
      (message: string, fields: LogFields = {}): void => {
        this.lines.push({ level, message, fields })
      }
    this.log = { debug: logger('debug'), info: logger('info'), warn: logger('warn'), error: logger('error') }
  }

  beginRequest(head: RequestHead): (outcome: RequestOutcome) => void {
    const request = new RecordedRequest(head)
    this.requests.push(request)
    this.#events.emit('begin')
    return outcome => request.end(outcome)
  }

  refused(reason: string): void {
    this.refusals.push(reason)
  }

  retire(reason: string): void {
    this.retirements.push(reason)
  }

  /** Resolves with the request of that number, from 0, when it has begun. */
  async request(index: number): Promise<RecordedRequest> {
    for (;;) {
      const request = this.requests[index]
      if (request !== undefined) return request
      await once(this.#events, 'begin')
    }
  }

  /** Lines of one level. */
  logged(level: keyof Logger): readonly LogLine[] {
    return this.lines.filter(line => line.level === level)
  }
}
