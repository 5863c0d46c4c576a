/**
 * The real supervision in a world without processes: the supervisor, its rollouts and the reloads, with workers that are simulated
 * and time that jumps. What has to hold is checked after each turn of the loop.
 */
import { strict as assert } from 'node:assert'
import { notRunning, Reloads } from '../../../src/arbiter/reloads.js'
import { type StopMode, StopRequest } from '../../../src/arbiter/stop-request.js'
import { type Clock, createClock } from '../../../src/clock.js'
import { TunicornError } from '../../../src/errors.js'
import type { SpawnRequest, WorkerEvents } from '../../../src/process/spawner.js'
import { SocketStore } from '../../../src/sockets/socket-store.js'
import { ArbiterHookRunner } from '../../../src/supervision/hook-runner.js'
import type { Generation } from '../../../src/supervision/launch.js'
import { Observers } from '../../../src/supervision/observers.js'
import { type Halt, Supervisor } from '../../../src/supervision/supervisor.js'
import type { Dice } from './dice.js'
import { checkDone, checkDrain, checkSpawn, checkTurn } from './invariants.js'
import { ObserverCheck } from './observer-check.js'
import { silentLog } from './silent-log.js'
import { configOf, type GenerationPlan, simulatedSocket } from './simulated-config.js'
import { SimulatedTime } from './simulated-time.js'
import { SimulatedWorker } from './simulated-worker.js'

/** What each generation is like. A plan that is not there: its configuration is wrong. */
export type Plans = (generation: number) => GenerationPlan | undefined

export class SimulatedServer {
  readonly supervisor: Supervisor
  readonly sockets: SocketStore = new SocketStore()
  /** Processes that the arbiter takes for alive, by the age of their workers. */
  readonly processes: Map<number, SimulatedWorker> = new Map()
  halt: Halt | undefined
  /** How each reload ended: the number of its generation, or the code of its error. */
  readonly reloaded: string[] = []
  /** What was asked for and has not ended. */
  pending = 0
  spawned = 0
  readonly #dice: Dice
  readonly #plans: Plans
  readonly #time: SimulatedTime
  readonly #clock: Clock
  readonly #reloads: Reloads
  readonly #stop = new StopRequest()
  readonly #known: GenerationPlan[] = []
  #hasActed = false

  constructor(dice: Dice, plans: Plans) {
    this.#dice = dice
    this.#plans = plans
    this.#time = new SimulatedTime(dice, () => this.#check())
    this.#clock = createClock(this.#time.now)
    const observers = new Observers()
    // What an observer throws would be logged.
    const log = { ...silentLog, error: failOnDefect }
    observers.logTo(log)
    observers.add(new ObserverCheck())
    const server = (): { pid: number; version: string; generation: number } => ({
      pid: 1,
      version: '0',
      generation: this.#known.length - 1,
    })
    const hooks = new ArbiterHookRunner({}, log, server)
    this.supervisor = new Supervisor({
      spawner: { spawn: (request, events) => this.#spawn(request, events) },
      clock: this.#clock,
      scheduler: this.#time,
      log,
      sockets: this.sockets,
      hooks,
      observers,
      env: {},
      cpuThrottle: { takeMs: () => 0 },
      oomCounter: { hasRisen: () => dice.chance(0.5) },
      random: dice.next,
      ownBytes: () => 50_000_000,
      gaveUp: () => this.stop('graceful'),
    })
    this.#reloads = new Reloads({
      log,
      hooks,
      observers,
      mayBegin: async () => {
        if (this.#stop.mode) throw notRunning()
      },
      prepare: () => this.#prepare(),
      rollout: async generation => {
        await this.supervisor.rollout(generation)
        this.reloaded.push(String(generation.number))
      },
      runningHooks: () => ({}),
    })
  }

  /** Starts the first generation. */
  async start(): Promise<void> {
    const first = await this.#prepare()
    void this.supervisor.halted.then(halt => {
      this.halt = halt
    })
    this.supervisor.begin(first)
  }

  get now(): number {
    return this.#time.now()
  }

  /** Lets so much time pass, or less if the server ends. */
  async run(ms: number): Promise<void> {
    await this.#time.run(ms, () => this.halt !== undefined)
  }

  at(ms: number, act: () => void): void {
    this.#time.after(ms, () => this.#time.deliver(act))
  }

  reload(): void {
    this.supervisor.park(false)
    this.#await(this.#reloads.request(), error => this.reloaded.push(codeOf(error)))
  }

  scale(by: number, name?: string): void {
    const groups = this.supervisor.scale({ type: 'by', workers: by, group: name })
    this.#await(this.supervisor.whenScaled(groups), error => codeOf(error))
  }

  /** Of the workers that live, in spawn order. */
  slots(group = 'web'): readonly number[] {
    const rows = this.supervisor.state.table.rows()
    return rows.filter(row => row.group === group && !row.drain && !row.killed).map(({ slot }) => slot)
  }

  park(): void {
    this.supervisor.park(true)
  }

  pauseArbiter(ms: number): void {
    this.#time.pause(ms)
  }

  stop(mode: StopMode, delayMs = 0): void {
    const hardest = this.#stop.ask(mode)
    const reason = { kind: 'stop', text: 'the server stops' } as const
    this.supervisor.stop({ mode: hardest, reason }, hardest === 'graceful' ? delayMs : 0)
  }

  /** Some worker that lives, if there is one. */
  someWorker(): SimulatedWorker | undefined {
    const workers = [...this.processes.values()]
    return workers.length === 0 ? undefined : this.#dice.pick(workers)
  }

  /** Generations of the workers of a group that serve, in spawn order. */
  serving(group = 'web'): readonly number[] {
    const rows = this.supervisor.state.table.rows()
    return rows
      .filter(row => row.group === group && row.state === 'serving' && !row.killed)
      .map(({ generation }) => generation)
  }

  /** Empty: it never came so far. */
  planOf(generation: number): GenerationPlan {
    return this.#known[generation] ?? new Map()
  }

  /** What there is to do is shared by all that serve. */
  #busyShare(group: string, generation: number): number | undefined {
    const work = this.#known[generation]?.get(group)?.work?.(this.#time.now())
    return work === undefined ? undefined : Math.min(1, work / Math.max(1, this.serving(group).length))
  }

  #check(): void {
    if (this.halt !== undefined) return
    checkTurn(this)
    if (this.#hasActed) checkDone(this, this.#clock.now())
    this.#hasActed = false
  }

  #spawn(request: SpawnRequest, events: WorkerEvents): SimulatedWorker {
    const { age, generation, group } = request.init
    const conduct = this.#known[generation]?.get(group)?.conduct()
    checkSpawn(this, group)
    if (!conduct) throw new Error('spawn EAGAIN')
    this.spawned += 1
    this.#hasActed = true
    const worker = new SimulatedWorker(
      5_000_000 + age,
      { request, events, conduct },
      {
        time: this.#time,
        dice: this.#dice,
        arbiterNow: this.#clock.now,
        busyShare: () => this.#busyShare(group, generation),
        ordered: () => {
          this.#hasActed = true
        },
        drains: () => checkDrain(this, age),
        killed: () => this.#checkKill(worker),
        ended: () => this.processes.delete(age),
      },
    )
    this.processes.set(age, worker)
    return worker
  }

  /** Nobody is killed without a reason. */
  #checkKill({ killableFor, init: { age } }: SimulatedWorker): void {
    const kind = this.supervisor.state.table.get(age)?.killed?.reason.kind ?? ''
    const isAtOnce = kind !== 'stop' || this.supervisor.state.stop?.mode === 'kill'
    assert.ok(killableFor.has(kind) && isAtOnce, `worker ${age} behaves and is killed: ${kind}`)
  }

  async #prepare(): Promise<Generation> {
    const plan = this.#plans(this.#known.length)
    if (!plan) {
      this.#known.push(new Map())
      throw new TunicornError('CONFIG_INVALID', 'wrong on purpose')
    }
    const config = configOf(plan)
    const bound = await this.sockets.acquire(config.groups, async address =>
      simulatedSocket(address.type === 'tcp' ? address.port : 0),
    )
    const number = this.#known.push(plan) - 1
    const groups = config.groups.map(
      group => [group.name, { group, sockets: bound.get(group.name) ?? [] }] as const,
    )
    return { number, config, groups: new Map(groups) }
  }

  #await(promise: Promise<unknown>, failed: (error: unknown) => void): void {
    this.pending += 1
    void promise.catch(failed).finally(() => {
      this.pending -= 1
    })
  }
}

function codeOf(error: unknown): string {
  if (error instanceof TunicornError) return error.code
  throw error
}

function failOnDefect(message: string, fields: Readonly<Record<string, unknown>> = {}): void {
  if (message.startsWith('A defect')) throw fields.error
}
