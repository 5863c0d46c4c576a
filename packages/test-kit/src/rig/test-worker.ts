/** A worker in this process, with a host that records. It calls each method of the worker at most once, as the real host does. */
import {
  type LocalListener,
  loadApp,
  type Worker,
  type WorkerContext,
  type WorkerStats,
} from '@tunicorn/arbiter/worker'
import type { DriverClient } from '../driver/driver.js'
import type { Stage } from '../stage/stage.js'
import { leaveAll } from './leave-all.js'
import { Recorder } from './recorder.js'
import { TestListener } from './test-listener.js'
import { quietMoment, within } from './within.js'
import type { WorkerPlan } from './worker-plan.js'

/** A drain that has begun. */
export interface RunningDrain {
  readonly done: Promise<void>
  /** Whether `done` has resolved or rejected. */
  isOver: boolean
  /** Makes the deadline pass now. */
  cut(): void
}

const retryMs = 10
const disposeMs = 3_000

export class TestWorker implements AsyncDisposable {
  readonly stage: Stage
  readonly recorder: Recorder = new Recorder()
  readonly listeners: readonly LocalListener[]
  readonly #plan: WorkerPlan
  readonly #clients: DriverClient[] = []
  readonly #deadline = new AbortController()
  #worker: Worker | undefined
  #step = 'not made yet'
  #isClosed = false

  constructor(plan: WorkerPlan, stage: Stage) {
    this.#plan = plan
    this.stage = stage
    this.listeners = plan.unixPaths.map(path => new TestListener(path, plan.tls))
  }

  /** The first listener, which is the one that most clauses use. */
  get listener(): LocalListener {
    const [first] = this.listeners
    if (first === undefined) throw new TypeError('A worker has at least one listener')
    return first
  }

  /** Creates the worker and boots it. */
  async boot(): Promise<void> {
    this.#step = '`create` was called'
    this.#worker = await this.#plan.workerClass.create(await this.#context())
    this.#step = '`boot` was called last'
    await this.#worker.boot()
  }

  async serve(): Promise<void> {
    this.#step = '`serve` was called last'
    await this.#worker?.serve()
  }

  stats(): WorkerStats {
    return this.#worker?.stats?.() ?? {}
  }

  /** Whether the worker has the method `shed`. */
  get canShed(): boolean {
    return this.#worker?.shed !== undefined
  }

  shed(connections: number): void {
    this.#worker?.shed?.(connections)
  }

  drain(): RunningDrain {
    this.#step = '`drain` was called last'
    const done = Promise.resolve(this.#worker?.drain(this.#deadline.signal))
    const drain: RunningDrain = { done, isOver: false, cut: () => this.#deadline.abort() }
    const settle = (): void => {
      drain.isOver = true
    }
    done.then(settle, settle)
    return drain
  }

  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#step = '`close` was called last'
    await this.#worker?.close()
  }

  /** Connects through the driver. It tries again for a while, because a worker may pause its listeners between two connections. */
  async connect(listener: LocalListener = this.listener): Promise<DriverClient> {
    return this.open(() => this.#plan.driver.connect(listener.address))
  }

  /** Keeps the client until the worker is disposed. */
  async open<Client extends DriverClient>(connect: () => Promise<Client>): Promise<Client> {
    const until = performance.now() + this.#plan.patienceMs
    for (;;) {
      try {
        const client = await connect()
        this.#clients.push(client)
        return client
      } catch (error) {
        if (performance.now() > until) throw error
        await quietMoment(retryMs)
      }
    }
  }

  /** Tries to connect only once. */
  async isAccepting(listener: LocalListener = this.listener): Promise<boolean> {
    try {
      const client = await this.#plan.driver.connect(listener.address)
      client.leave()
      return true
    } catch {
      return false
    }
  }

  fact(): string {
    const lines = this.recorder.lines.filter(({ level }) => level === 'error').length
    return [
      `a worker in this process: ${this.#step}`,
      `its clients: ${this.#clients.length}`,
      this.recorder.summary(),
      `error lines: ${lines}`,
      this.stage.summary(),
    ].join('; ')
  }

  /** Whatever is broken must not affect the next clause. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#deadline.abort()
    leaveAll(this.#clients)
    await within(this.close(), 'the worker to close', disposeMs).catch(() => {})
    for (const listener of this.listeners) listener.pause()
  }

  async #context(): Promise<WorkerContext> {
    const { workerClass, app, settings, slot } = this.#plan
    const { recorder } = this
    return {
      group: 'default',
      age: 1,
      generation: 0,
      slot,
      app: { ...app, load: () => loadApp(app, workerClass.capabilities.appKinds) },
      listeners: this.listeners,
      settings,
      options: await validOptions(this.#plan),
      log: recorder.log,
      notify: () => {},
      beginRequest: head => recorder.begin(head),
      retire: reason => recorder.retirements.push(reason),
    }
  }
}

async function validOptions({ workerClass, options }: WorkerPlan): Promise<unknown> {
  if (!workerClass.options) return {}
  const result = await workerClass.options['~standard'].validate(options)
  if (!result.issues) return result.value
  const issues = result.issues.map(({ message }: { readonly message: string }) => message)
  throw new TypeError(`The class refuses the \`options\` of its suite: ${issues.join('; ')}`)
}
