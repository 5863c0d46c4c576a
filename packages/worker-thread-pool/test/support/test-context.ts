/** What a host gives to a worker, recorded. */

import { EventEmitter, once } from 'node:events'
import {
  type AppKind,
  type AppReference,
  defaultWorkerSettings,
  type LocalListener,
  type LogFields,
  type Logger,
  loadApp,
  type RequestHead,
  type RequestOutcome,
  type WorkerContext,
  type WorkerSettings,
} from '@tunicorn/arbiter/worker'
import type { ThreadPoolOptions } from '@tunicorn/worker-thread-pool'

export interface LogLine {
  readonly level: keyof Logger
  readonly message: string
  readonly fields: LogFields
}

/** A request that has ended. */
export interface EndedRequest {
  readonly name: string
  readonly outcome: RequestOutcome
}

export interface TestContextParts {
  readonly app: URL
  readonly kind: AppKind | 'auto'
  readonly options: ThreadPoolOptions
  readonly settings: Partial<WorkerSettings>
  readonly listener: LocalListener
}

export class TestContext implements WorkerContext<ThreadPoolOptions> {
  readonly group: string = 'default'
  readonly age: number = 1
  readonly generation: number = 0
  readonly app: AppReference
  readonly listeners: readonly LocalListener[]
  readonly settings: WorkerSettings
  readonly options: ThreadPoolOptions
  readonly log: Logger
  readonly lines: LogLine[] = []
  readonly ended: EndedRequest[] = []
  readonly retirements: string[] = []
  readonly refusals: string[] = []
  readonly #events = new EventEmitter()

  constructor({ app, kind, options, settings, listener }: TestContextParts) {
    const source = { url: app.href, exportName: '', kind, specifier: app.pathname }
    this.app = { ...source, load: () => loadApp(source, ['node', 'fetch']) }
    this.options = options
    this.settings = { ...defaultWorkerSettings, ...settings }
    this.listeners = [listener]
    const logger =
      (level: keyof Logger) =>
      (message: string, fields: LogFields = {}): void => {
        this.lines.push({ level, message, fields })
        this.#events.emit('change')
      }
    this.log = { debug: logger('debug'), info: logger('info'), warn: logger('warn'), error: logger('error') }
  }

  notify(): void {}

  beginRequest(head: RequestHead): (outcome: RequestOutcome) => void {
    return outcome => {
      this.ended.push({ name: `${head.method} ${head.target}`, outcome })
      this.#events.emit('change')
    }
  }

  refused(reason: string): void {
    this.refusals.push(reason)
  }

  retire(reason: string): void {
    this.retirements.push(reason)
    this.#events.emit('change')
  }

  /** Resolves with the first log line that matches, now or later. */
  logged(pattern: RegExp): Promise<LogLine> {
    return this.#find(() => this.lines.find(line => pattern.test(line.message)))
  }

  /** Resolves with how the request of that name ended. */
  async outcomeOf(name: string): Promise<RequestOutcome> {
    const { outcome } = await this.#find(() => this.ended.find(request => request.name === name))
    return outcome
  }

  async #find<Found>(look: () => Found | undefined): Promise<Found> {
    for (;;) {
      const found = look()
      if (found !== undefined) return found
      await once(this.#events, 'change')
    }
  }
}
