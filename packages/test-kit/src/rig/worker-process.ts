/** A worker in a process of its own, under the real host, with the suite in the place of the arbiter. */
import { EventEmitter, once } from 'node:events'
import {
  type BoundSocket,
  bind,
  createSpawner,
  type FromHost,
  heartbeatMs,
  type ProcessExit,
  type WorkerProcess as SpawnedProcess,
  type WorkerInit,
} from '@tunicorn/arbiter/internal'
import type { Listener } from '@tunicorn/arbiter/worker'
import type { DriverClient } from '../driver/driver.js'
import type { Stage } from '../stage/stage.js'
import { within } from '../within.js'
import type { WorkerPlan } from './worker-plan.js'

export class WorkerProcess implements AsyncDisposable {
  readonly stage: Stage
  /** Messages of the host, in order. */
  readonly messages: FromHost[] = []
  /** How the process ended, once it has. */
  exit: ProcessExit | undefined
  readonly #plan: WorkerPlan
  readonly #sockets: readonly BoundSocket[]
  readonly #process: SpawnedProcess
  readonly #clients: DriverClient[] = []
  readonly #changes = new EventEmitter().setMaxListeners(0)

  private constructor(plan: WorkerPlan, stage: Stage, sockets: readonly BoundSocket[]) {
    this.#plan = plan
    this.stage = stage
    this.#sockets = sockets
    const env = { ...process.env, TMPDIR: plan.directory, TUNICORN_GROUP: 'default', TUNICORN_WORKER: '1' }
    const over = (exit: ProcessExit): void => {
      this.exit = exit
      this.#changes.emit('change')
    }
    this.#process = createSpawner().spawn(
      { init: initOf(plan, sockets), cwd: plan.directory, env },
      {
        onMessage: message => this.#receive(message),
        onLog: () => {},
        onOutput: () => {},
        onBroken: () => {},
        onExit: over,
        onFailed: () => over({ code: null, signal: null }),
      },
    )
  }

  static async spawn(plan: WorkerPlan, stage: Stage): Promise<WorkerProcess> {
    const sockets: BoundSocket[] = []
    for (const path of plan.unixPaths)
      sockets.push(
        await bind(path === undefined ? { type: 'tcp', host: '127.0.0.1', port: 0 } : { type: 'unix', path }),
      )
    return new WorkerProcess(plan, stage, sockets)
  }

  get pid(): number {
    const { pid } = this.#process
    if (pid === undefined) throw new Error('The worker process could not be started')
    return pid
  }

  /** Where it runs, and its temporary folder. */
  get directory(): string {
    return this.#plan.directory
  }

  get address(): Listener['address'] {
    const [socket] = this.#sockets
    if (socket === undefined) throw new TypeError('A worker has at least one listener')
    return socket.address
  }

  get heartbeats(): number {
    return this.messages.filter(({ type }) => type === 'heartbeat').length
  }

  /** Resolves when so many heartbeats have come, or the process has ended. */
  async beats(count: number): Promise<void> {
    while (this.heartbeats < count && this.exit === undefined) await once(this.#changes, 'change')
  }

  /** Resolves when the worker is in standby. */
  async booted(): Promise<void> {
    await this.#until('booted')
  }

  /** Resolves when the worker serves. */
  async serve(): Promise<void> {
    await this.booted()
    this.#process.send({ type: 'serve' })
    await this.#until('serving')
  }

  drain(deadlineMs: number): void {
    this.#process.send({ type: 'drain', deadlineMs, isQuick: false })
  }

  async connect(): Promise<DriverClient> {
    const client = await this.#plan.driver.connect(this.address)
    this.#clients.push(client)
    return client
  }

  /** Ends this one process, and nothing that it has started. */
  kill(): void {
    if (this.exit === undefined) process.kill(this.pid, 'SIGKILL')
  }

  /** Resolves when the process has ended. */
  async ended(): Promise<ProcessExit> {
    while (this.exit === undefined) await once(this.#changes, 'change')
    return this.exit
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#clients) client.leave()
    if (this.exit === undefined) this.#process.kill()
    await this.ended()
    for (const { handle } of this.#sockets) handle.close()
  }

  #receive(message: FromHost): void {
    this.messages.push(message)
    if (message.type === 'want-handles') {
      const { index, count } = message
      const handle = this.#sockets[index]?.handle
      for (let sent = 0; handle && sent < count; sent += 1)
        this.#process.send({ type: 'handle', index }, handle)
    }
    this.#changes.emit('change')
  }

  async #until(type: FromHost['type']): Promise<void> {
    await within(this.#come(type), `the worker process to say \`${type}\``, this.#plan.patienceMs)
  }

  async #come(type: FromHost['type']): Promise<void> {
    while (!this.messages.some(message => message.type === type)) {
      const failure = this.messages.find(message => message.type === 'boot-failed')
      if (failure?.type === 'boot-failed') throw new Error(`The worker failed to boot: ${failure.message}`)
      if (this.exit) throw new Error(`The worker ended before it said \`${type}\``)
      await once(this.#changes, 'change')
    }
  }
}

function initOf(plan: WorkerPlan, sockets: readonly BoundSocket[]): WorkerInit {
  const { app, settings, options, module } = plan
  return {
    group: 'default',
    age: 1,
    generation: 0,
    app,
    workerClassUrl: module,
    options,
    settings,
    listeners: sockets.map(({ address }) => ({ address })),
    umask: -1,
    title: 'tunicorn: worker under test',
    heartbeatMs: heartbeatMs(settings.timeout * 1_000),
    workers: 1,
    given: [],
    hooksFile: '',
  }
}
