/** The class of the README with an app, serving in this process, closed with the test. */
import { LocalListener, type Worker, type WorkerSettings } from '@tunicorn/arbiter/worker'
import { onTestFinished } from 'vitest'
import lines from '../fixtures/line-class.js'
import { TestContext } from './test-context.js'

export interface RunningLines {
  readonly worker: Worker
  readonly context: TestContext
  readonly port: number
}

export async function startLines(
  app: (line: string) => string | Promise<string>,
  settings: Partial<WorkerSettings> = {},
): Promise<RunningLines> {
  const listener = new LocalListener()
  const context = new TestContext(app, [listener], settings)
  const worker = await lines.create(context)
  onTestFinished(() => worker.close())
  await worker.boot()
  await worker.serve()
  return { worker, context, port: listener.port }
}
