/** A worker in this process, with a context that records what it is told, closed with the test. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import {
  type LoadedApp,
  LocalListener,
  type Logger,
  type RequestOutcome,
  type Worker,
  type WorkerContext,
  type WorkerSettings,
} from '@tunicorn/arbiter/worker'
import sync, { type SyncOptions } from '@tunicorn/worker-sync'
import { expect, onTestFinished } from 'vitest'
import { contextOf, defaultSettings } from './context.js'

export type Handler = (req: IncomingMessage, res: ServerResponse) => unknown

/** Counts how often it is paused. */
class CountedListener extends LocalListener {
  pauses = 0

  override pause(): void {
    if (this.isAccepting) this.pauses += 1
    super.pause()
  }
}

export interface TestWorker {
  readonly worker: Worker
  readonly listener: CountedListener
  readonly url: string
  readonly outcomes: RequestOutcome[]
  /** `LEVEL message`. */
  readonly lines: string[]
  readonly retirements: string[]
  notices: number
  /** Resolves with the outcome of the request of that number, from 0. */
  outcome(index?: number): Promise<RequestOutcome>
}

export async function startWorker(
  value: Handler | LoadedApp,
  settings: Partial<WorkerSettings> = {},
): Promise<TestWorker> {
  const app = typeof value === 'function' ? { kind: 'node', value } : value
  const listener = new CountedListener()
  const lines: string[] = []
  const outcomes: RequestOutcome[] = []
  const retirements: string[] = []
  const logger =
    (level: keyof Logger) =>
    (message: string): void => {
      lines.push(`${level} ${message}`)
    }
  const log = { debug: logger('debug'), info: logger('info'), warn: logger('warn'), error: logger('error') }
  const context: WorkerContext<SyncOptions> = {
    ...contextOf('auto'),
    app: { url: 'file:///app.js', exportName: '', kind: 'auto', load: async () => app },
    listeners: [listener],
    settings: { ...defaultSettings, ...settings },
    log,
    notify: () => {
      running.notices += 1
    },
    beginRequest: () => outcome => outcomes.push(outcome),
    retire: reason => retirements.push(reason),
  }
  const worker = await sync.create(context)
  onTestFinished(() => worker.close())
  const running: TestWorker = {
    worker,
    listener,
    get url() {
      return `http://127.0.0.1:${listener.port}`
    },
    outcomes,
    lines,
    retirements,
    notices: 0,
    async outcome(index = 0) {
      await expect.poll(() => outcomes.length).toBeGreaterThan(index)
      const outcome = outcomes[index]
      if (outcome === undefined) throw new Error('No such request')
      return outcome
    },
  }
  await worker.boot()
  await worker.serve()
  return running
}
