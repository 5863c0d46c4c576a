/** What a host gives to a worker, recorded. */
import { EventEmitter, once } from 'node:events'
import {
  defaultWorkerSettings,
  type LocalListener,
  type Logger,
  type RequestHead,
  type RequestOutcome,
  type WorkerContext,
  type WorkerSettings,
} from '@tunicorn/arbiter/worker'

interface RecordedRequest {
  readonly head: RequestHead
  readonly outcomes: RequestOutcome[]
}

export class TestContext implements WorkerContext {
  readonly group = 'default'
  readonly age = 1
  readonly generation = 0
  readonly options: unknown = {}
  readonly app: WorkerContext['app']
  readonly listeners: readonly LocalListener[]
  readonly settings: WorkerSettings
  readonly lines: string[] = []
  readonly requests: RecordedRequest[] = []
  readonly retirements: string[] = []
  /** How often no further request was to begin. */
  allBegunCalls = 0
  readonly log: Logger
  readonly #events = new EventEmitter()

  constructor(value: unknown, listeners: readonly LocalListener[], settings: Partial<WorkerSettings>) {
    this.app = {
      url: 'file:///app.js',
      exportName: '',
      kind: 'lines',
      load: async () => ({ kind: 'lines', value }),
    }
    this.listeners = listeners
    this.settings = { ...defaultWorkerSettings, ...settings }
    const logger =
      (level: keyof Logger) =>
      (message: string): void => {
        this.lines.push(`${level} ${message}`)
      }
    this.log = { debug: logger('debug'), info: logger('info'), warn: logger('warn'), error: logger('error') }
  }

  beginRequest(head: RequestHead): (outcome: RequestOutcome) => void {
    const request: RecordedRequest = { head, outcomes: [] }
    this.requests.push(request)
    return outcome => {
      request.outcomes.push(outcome)
      this.#events.emit('outcome')
    }
  }

  /** Resolves with the outcomes of the request of that number, from 0, when it has one. */
  async outcomes(index: number): Promise<readonly RequestOutcome[]> {
    for (;;) {
      const outcomes = this.requests[index]?.outcomes ?? []
      if (outcomes.length > 0) return outcomes
      await once(this.#events, 'outcome')
    }
  }

  notify(): void {}

  allBegun(): void {
    this.allBegunCalls += 1
  }

  retire(reason: string): void {
    this.retirements.push(reason)
  }
}
