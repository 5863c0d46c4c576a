/** A worker in a process of its own, under the real host. The suite takes the place of the arbiter. */
import { HostedWorker, type ProcessExit } from '@tunicorn/arbiter/testing'
import type { Listener } from '@tunicorn/arbiter/worker'
import type { DriverClient } from '../driver/driver.js'
import type { Stage } from '../stage/stage.js'
import { howOf } from './how-of.js'
import { leaveAll } from './leave-all.js'
import { within } from './within.js'
import type { WorkerPlan } from './worker-plan.js'

export class WorkerProcess implements AsyncDisposable {
  readonly stage: Stage
  readonly #plan: WorkerPlan
  readonly #worker: HostedWorker
  readonly #clients: DriverClient[] = []

  private constructor(plan: WorkerPlan, stage: Stage, worker: HostedWorker) {
    this.#plan = plan
    this.stage = stage
    this.#worker = worker
  }

  static async spawn(plan: WorkerPlan, stage: Stage): Promise<WorkerProcess> {
    return new WorkerProcess(plan, stage, await HostedWorker.start(plan))
  }

  get pid(): number {
    return this.#worker.pid
  }

  /** Its working directory, which is also its temporary folder. */
  get directory(): string {
    return this.#plan.directory
  }

  get address(): Listener['address'] {
    const [address] = this.#worker.addresses
    if (address === undefined) throw new TypeError('A worker has at least one listener')
    return address
  }

  /** How the process ended, once it has. */
  get exit(): ProcessExit | undefined {
    return this.#worker.exit
  }

  get heartbeats(): number {
    return this.#worker.heartbeats
  }

  /** What the worker has broadcast, in order. */
  get broadcasts(): readonly unknown[] {
    return this.#worker.broadcasts
  }

  /** Resolves when the worker has broadcast `count` messages in all, or has ended. */
  broadcasted(count: number): Promise<void> {
    return this.#worker.broadcasted(count)
  }

  /** Delivers to the worker what another one broadcasts. */
  broadcast(values: readonly unknown[]): void {
    this.#worker.broadcast(values)
  }

  /** Resolves when `count` heartbeats have come in all, or the process has ended. */
  beats(count: number): Promise<void> {
    return this.#worker.beats(count)
  }

  /** Resolves when the worker is in standby. */
  booted(): Promise<void> {
    return within(this.#worker.booted(), 'the worker process to boot', this.#plan.patienceMs)
  }

  /** Resolves when the worker serves. */
  serve(): Promise<void> {
    return within(this.#worker.serve(), 'the worker process to serve', this.#plan.patienceMs)
  }

  drain(deadlineMs: number): void {
    this.#worker.drain(deadlineMs)
  }

  async connect(): Promise<DriverClient> {
    const client = await this.#plan.driver.connect(this.address)
    this.#clients.push(client)
    return client
  }

  /** Kills this process alone, and nothing that it has started. */
  kill(): void {
    this.#worker.kill()
  }

  /** Resolves when the process has ended. */
  ended(): Promise<ProcessExit> {
    return this.#worker.ended()
  }

  fact(): string {
    const { exit } = this
    return [
      exit === undefined
        ? 'a worker process, still alive'
        : `a worker process that ended with ${howOf(exit)}`,
      `heartbeats: ${this.heartbeats}`,
      `broadcasts that left it: ${this.broadcasts.length}`,
      `its clients: ${this.#clients.length}`,
      this.stage.summary(),
    ].join('; ')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    leaveAll(this.#clients)
    await this.#worker[Symbol.asyncDispose]()
  }
}
