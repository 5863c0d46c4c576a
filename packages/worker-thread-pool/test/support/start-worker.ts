/** A worker of the built class in the test process, closed with the test. */

import { type AppKind, LocalListener, type Worker, type WorkerSettings } from '@tunicorn/arbiter/worker'
import threadPool, { type ThreadPoolOptions } from '@tunicorn/worker-thread-pool'
import { onTestFinished } from 'vitest'
import { TestContext } from './test-context.js'

export interface WorkerOptions {
  /** A file in `fixtures/`. @default node-app.mjs */
  readonly app?: string
  readonly kind?: AppKind | 'auto'
  /** @default one thread */
  readonly options?: Partial<ThreadPoolOptions>
  readonly settings?: Partial<WorkerSettings>
}

export interface RunningWorker {
  readonly worker: Worker
  readonly context: TestContext
  readonly listener: LocalListener
  readonly port: number
  readonly url: string
}

export function fixture(name: string): URL {
  return new URL(`../fixtures/${name}`, import.meta.url)
}

/** Options as the arbiter passes them on: validated, with defaults. */
export async function validOptions(given: unknown): Promise<ThreadPoolOptions> {
  const schema = threadPool.options
  if (schema === undefined) throw new TypeError('The class has no options')
  const result = await schema['~standard'].validate(given)
  if (result.issues !== undefined) throw new TypeError(result.issues.map(({ message }) => message).join('; '))
  return result.value
}

export async function createWorker({
  app = 'node-app.mjs',
  kind = 'auto',
  options,
  settings = {},
}: WorkerOptions = {}): Promise<Omit<RunningWorker, 'port' | 'url'>> {
  const listener = new LocalListener()
  const context = new TestContext({
    app: fixture(app),
    kind,
    options: await validOptions({ threads: 1, ...options }),
    settings,
    listener,
  })
  const worker = await threadPool.create(context)
  onTestFinished(() => worker.close())
  return { worker, context, listener }
}

export async function startWorker(options: WorkerOptions = {}): Promise<RunningWorker> {
  const created = await createWorker(options)
  await created.worker.boot()
  await created.worker.serve()
  const { port } = created.listener
  return { ...created, port, url: `http://127.0.0.1:${port}` }
}

/** A gauge of the worker. */
export function gauge(worker: Worker, name: string): number | undefined {
  return worker.stats?.().gauges?.[name]
}
