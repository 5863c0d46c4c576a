/** A worker in a process of its own, under the real host, with the caller in place of the arbiter. */
import { EventEmitter, once } from 'node:events'
import type { AppSource } from '../app/load.js'
import type { Listener } from '../contract/worker-class.js'
import type { WorkerSettings } from '../contract/worker-settings.js'
import { createSpawner } from '../process/create-spawner.js'
import type { ProcessExit, WorkerProcess } from '../process/spawner.js'
import type { FromHost, WorkerInit } from '../protocol/messages.js'
import { type BoundSocket, bind } from '../sockets/bind.js'
import { heartbeatMs } from '../supervision/launch.js'

/** What a worker is started with. */
export interface HostedWorkerPlan {
  /** `file:` URL of the module with the worker class. */
  readonly module: string
  readonly app: AppSource
  readonly settings: WorkerSettings
  /** `workerOptions` as a user gives them. */
  readonly options: unknown
  /** One listener each: a path of a Unix socket, or `undefined` for a free port of 127.0.0.1. */
  readonly unixPaths: readonly (string | undefined)[]
  /** Its place among the workers of the group. @default 0 */
  readonly slot?: number
  /** Working directory of the process, and its directory for temporary files. */
  readonly directory: string
}

/**
 * One worker, from its boot to its end. Nothing is limited in time: callers that wait for something that may never
 * happen have to limit it. Disposing of it kills the process with everything that it has started, and closes the listeners.
 */
export class HostedWorker implements AsyncDisposable {
  /** Of the listeners, in the order of the plan. */
  readonly addresses: readonly Listener['address'][]
  readonly #sockets: readonly BoundSocket[]
  readonly #process: WorkerProcess
  readonly #said = new Set<FromHost['type']>()
  readonly #changes = new EventEmitter().setMaxListeners(0)
  readonly #broadcasts: unknown[] = []
  #heartbeats = 0
  #failure: string | undefined
  #exit: ProcessExit | undefined

  private constructor(plan: HostedWorkerPlan, sockets: readonly BoundSocket[]) {
    this.#sockets = sockets
    this.addresses = sockets.map(({ address }) => address)
    const env = {
      ...process.env,
      TMPDIR: plan.directory,
      TUNICORN_GROUP: 'default',
      TUNICORN_WORKER: '1',
      TUNICORN_SLOT: String(plan.slot ?? 0),
    }
    this.#process = createSpawner().spawn(
      { init: initOf(plan, this.addresses), cwd: plan.directory, env, nodeOptions: [] },
      {
        onMessage: message => this.#receive(message),
        onLog: () => {},
        onOutput: () => {},
        onBroken: () => {},
        onExit: exit => this.#end(exit),
        onFailed: () => this.#end({ code: null, signal: null }),
      },
    )
  }

  /**
   * Binds the listeners and starts the process, which boots by itself.
   *
   * @throws TunicornError `BIND_FAILED`
   */
  static async start(plan: HostedWorkerPlan): Promise<HostedWorker> {
    const sockets: BoundSocket[] = []
    for (const path of plan.unixPaths)
      sockets.push(
        await bind(path === undefined ? { type: 'tcp', host: '127.0.0.1', port: 0 } : { type: 'unix', path }),
      )
    return new HostedWorker(plan, sockets)
  }

  /** @throws Error when the process could not be started */
  get pid(): number {
    const { pid } = this.#process
    if (pid === undefined) throw new Error('The worker process could not be started')
    return pid
  }

  /** How the process ended; `undefined` before. */
  get exit(): ProcessExit | undefined {
    return this.#exit
  }

  /** Heartbeats so far. */
  get heartbeats(): number {
    return this.#heartbeats
  }

  /** What the worker has broadcast so far, in order. */
  get broadcasts(): readonly unknown[] {
    return this.#broadcasts
  }

  /** Resolves when the worker has broadcast this many messages, or the process has ended. */
  async broadcasted(count: number): Promise<void> {
    while (this.#broadcasts.length < count && this.#exit === undefined) await once(this.#changes, 'change')
  }

  /** Tells the worker what another one broadcasts: values that JSON can represent, in this order. Does not wait. */
  broadcast(values: readonly unknown[]): void {
    this.#process.send({ type: 'broadcast', items: values.map(value => JSON.stringify(value)) })
  }

  /** Resolves when there have been this many heartbeats, or the process has ended. */
  async beats(count: number): Promise<void> {
    while (this.#heartbeats < count && this.#exit === undefined) await once(this.#changes, 'change')
  }

  /** Resolves when the worker is in standby. Rejects when its boot failed or its process has ended. */
  async booted(): Promise<void> {
    await this.#until('booted')
  }

  /** Once the worker is in standby, tells it to serve. Resolves when it does; rejects like {@link HostedWorker.booted}. */
  async serve(): Promise<void> {
    await this.booted()
    for (const [index, { handle }] of this.#sockets.entries())
      this.#process.send({ type: 'handle', index }, handle)
    this.#process.send({ type: 'serve' })
    await this.#until('serving')
  }

  /** Tells the worker to finish what it has within this many milliseconds, and to end. Does not wait. */
  drain(deadlineMs: number): void {
    this.#process.send({ type: 'drain', deadlineMs, isQuick: false })
  }

  /** Ends only this process with SIGKILL, not what it has started. Does not wait. */
  kill(): void {
    if (this.#exit === undefined) process.kill(this.pid, 'SIGKILL')
  }

  /** Resolves when the process has ended. */
  async ended(): Promise<ProcessExit> {
    while (this.#exit === undefined) await once(this.#changes, 'change')
    return this.#exit
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#exit === undefined) this.#process.kill()
    await this.ended()
    for (const { handle } of this.#sockets) handle.close()
  }

  #receive(message: FromHost): void {
    this.#said.add(message.type)
    if (message.type === 'heartbeat') this.#heartbeats += 1
    if (message.type === 'boot-failed') this.#failure = message.message
    if (message.type === 'broadcast')
      for (const item of message.items) this.#broadcasts.push(JSON.parse(item))
    this.#changes.emit('change')
  }

  #end(exit: ProcessExit): void {
    this.#exit = exit
    this.#changes.emit('change')
  }

  async #until(type: FromHost['type']): Promise<void> {
    while (!this.#said.has(type)) {
      if (this.#failure !== undefined) throw new Error(`The worker failed to boot: ${this.#failure}`)
      if (this.#exit) throw new Error(`The worker ended before it said \`${type}\``)
      await once(this.#changes, 'change')
    }
  }
}

function initOf(plan: HostedWorkerPlan, addresses: readonly Listener['address'][]): WorkerInit {
  const { app, settings, options, module } = plan
  return {
    group: 'default',
    age: 1,
    generation: 0,
    slot: plan.slot ?? 0,
    app,
    workerClassUrl: module,
    options,
    settings,
    listeners: addresses.map(address => ({ address })),
    umask: -1,
    title: 'tunicorn: worker under test',
    heartbeatMs: heartbeatMs(settings.timeout * 1_000),
    workers: 1,
    given: [],
    hooksFile: '',
  }
}
