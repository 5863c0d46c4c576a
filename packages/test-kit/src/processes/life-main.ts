/** Takes a worker through its whole life without a host, and then waits for the process to end by itself. */
import { LocalListener, loadApp, type WorkerContext } from '@tunicorn/arbiter/worker'
import type { LifePlan, LifeReport } from './life-plan.js'
import { resourcesBeyond } from './resources-beyond.js'
import { isWorkerModule } from './worker-module.js'

const lookMs = 500
const [json = '{}'] = process.argv.slice(2)
// Written by the suite when it started this process.
const plan: LifePlan = JSON.parse(json)
const module: unknown = await import(plan.module)
if (!isWorkerModule(module)) throw new TypeError(`${plan.module} has no worker class`)
const workerClass = module.default

const listener = new LocalListener()
const ignore = (): void => {}
const context: WorkerContext = {
  group: 'default',
  age: 1,
  generation: 0,
  slot: 0,
  app: { ...plan.app, load: () => loadApp(plan.app, workerClass.capabilities.appKinds) },
  listeners: [listener],
  settings: plan.settings,
  options: await validated(plan.options),
  log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
  notify: ignore,
  beginRequest: () => ignore,
  retire: ignore,
}
const say = (report: LifeReport): void => {
  process.send?.(report)
}

const failed: string[] = []
const attempt = async (step: string, run: () => Promise<unknown>): Promise<void> => {
  try {
    await run()
  } catch {
    failed.push(step)
  }
}
const before = process.getActiveResourcesInfo()
const worker = await workerClass.create(context)
await attempt('boot', () => worker.boot())
if (plan.serves) {
  await attempt('serve', () => worker.serve())
  say({ type: 'serving', address: listener.address })
  await new Promise(resolve => process.once('message', resolve))
}
if (plan.drains) await attempt('drain', () => worker.drain(new AbortController().signal))
await attempt('close', () => worker.close())
say({ type: 'closed', failed })
// From here on, only the worker can keep this process alive.
process.channel?.unref()
setInterval(
  () => say({ type: 'kept', resources: resourcesBeyond(before, process.getActiveResourcesInfo()) }),
  lookMs,
).unref()

async function validated(options: unknown): Promise<unknown> {
  const result = await workerClass.options?.['~standard'].validate(options)
  return result === undefined || result.issues ? {} : result.value
}
