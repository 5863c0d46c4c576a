/**
 * A world without processes: workers are entries in a list of future events, time jumps from one event to the next,
 * and everything random comes from a seed. Checks the invariants of supervision after every decision.
 */
import { strict as assert } from 'node:assert'
import type { Action } from '../../../src/arbiter/actions.js'
import {
  applyExit,
  applyMessage,
  applyScale,
  applyStop,
  beginRollout,
  commit,
} from '../../../src/arbiter/events.js'
import { reconcile } from '../../../src/arbiter/reconcile.js'
import {
  type ArbiterState,
  createGroup,
  createState,
  type GroupPolicy,
  type GroupState,
  policyFor,
  targetOf,
} from '../../../src/arbiter/state.js'
import type { WorkerRow } from '../../../src/arbiter/worker-table.js'
import { noRequests } from '../../../src/protocol/request-figures.js'
import { buildSample } from './build-sample.js'

/** How the workers of one generation behave. */
export interface Behaviour {
  readonly boot: 'ok' | 'fails' | 'hangs'
  readonly bootMs: number
  /** Ignores its drain and has to be killed. */
  readonly isStubborn: boolean
  /** Stops its heartbeat so long after it serves; 0 = never. */
  readonly silentAfterMs: number
}

export interface World {
  readonly policy: GroupPolicy
  readonly behaviours: ReadonlyMap<number, Behaviour>
}

interface Due {
  readonly at: number
  readonly run: () => void
}

export class Simulation {
  readonly state: ArbiterState = createState()
  readonly group: GroupState
  readonly #world: World
  readonly #random: () => number
  readonly #orders = new Map<string, number>()
  readonly #dead = new Set<number>()
  #due: Due[] = []
  #lastGeneration = 1
  #busyUntil = 0
  now = 0
  halted: Action | undefined

  constructor(world: World, random: () => number) {
    this.#world = world
    this.#random = random
    this.group = createGroup('web', world.policy, 1)
    this.state.groups.set('web', this.group)
    this.#every(250, () => {})
  }

  /** Runs until `until`, or until the arbiter halts. */
  run(until: number): void {
    this.#settle()
    while (!this.halted) {
      this.#due.sort((a, b) => a.at - b.at)
      const next = this.#due[0]
      if (!next || next.at > until) break
      this.#due.shift()
      this.now = next.at
      next.run()
      if (this.#isBusy()) continue
      this.#settle()
    }
    this.now = Math.max(this.now, until)
  }

  /** Now and then the arbiter does something else: what happens meanwhile is known all at once before it decides. */
  #isBusy(): boolean {
    if (this.now < this.#busyUntil) return true
    if (this.#random() < 0.1) this.#busyUntil = this.now + this.#random() * 200
    return this.now < this.#busyUntil
  }

  at(ms: number, run: () => void): void {
    this.#due.push({ at: ms, run })
  }

  reload(): void {
    if (this.group.rollout || this.state.stop) return
    this.#lastGeneration += 1
    beginRollout(this.state, this.#lastGeneration, new Map([['web', this.#world.policy]]))
  }

  scale(by: number): void {
    applyScale(this.group, by)
  }

  stop(mode: 'graceful' | 'quick' | 'kill'): void {
    applyStop(this.state, { mode, drainAt: this.now, reason: { kind: 'stop', text: 'stop' } })
  }

  /** Ends a worker from outside, as an OOM killer does. */
  crashOne(): void {
    const rows = this.state.table.rows()
    const row = rows[Math.floor(this.#random() * rows.length)]
    if (row) this.#exit(row, 0)
  }

  retireOne(): void {
    const row = this.#rows('serving')[0]
    if (row) this.#say(row, { type: 'retire', reason: 'max-requests' })
  }

  /** When nothing happens for long, no rollout is stuck and no worker of another generation is left. */
  checkSettled(): void {
    // Workers that fall silent all the time may never all serve at once.
    const newest = this.group.rollout?.generation ?? this.group.generation
    if ((this.#world.behaviours.get(newest)?.silentAfterMs ?? 0) > 0) return
    assert.equal(this.group.rollout, undefined, 'a rollout is stuck')
    const strangers = this.state.table
      .rows()
      .filter(row => row.generation !== this.group.generation && !row.drain && !row.killed)
    assert.deepEqual(strangers, [], 'workers of another generation are left')
  }

  serving(): number {
    return this.#rows('serving').length
  }

  servingOf(generation: number): number {
    return this.#rows('serving').filter(row => row.generation === generation).length
  }

  #rows(state: WorkerRow['state']): readonly WorkerRow[] {
    return this.state.table.rows().filter(row => row.state === state && !row.killed)
  }

  #behaviour(row: WorkerRow): Behaviour {
    return (
      this.#world.behaviours.get(row.generation) ?? {
        boot: 'ok',
        bootMs: 200,
        isStubborn: false,
        silentAfterMs: 0,
      }
    )
  }

  #every(ms: number, run: () => void): void {
    this.at(this.now + ms, () => {
      run()
      this.#every(ms, run)
    })
  }

  #say(row: WorkerRow, message: Parameters<typeof applyMessage>[2]): void {
    if (!this.#dead.has(row.age)) applyMessage(this.state, row, message, this.now)
  }

  #later(row: WorkerRow, ms: number, run: () => void): void {
    this.at(this.now + ms, () => {
      if (!this.#dead.has(row.age)) run()
    })
  }

  #exit(row: WorkerRow, code: number | null): void {
    if (this.#dead.has(row.age)) return
    this.#dead.add(row.age)
    const exit = { code, signal: code === null ? 'SIGKILL' : null }
    applyExit(this.state, row, exit, this.now, this.#random())
  }

  #settle(): void {
    for (let round = 0; round < 60 && !this.halted; round += 1) {
      const actions = reconcile(this.state, this.now)
      if (actions.length === 0) return this.#checkCensus()
      for (const action of actions) this.#perform(action)
    }
    if (!this.halted) assert.fail('reconcile does not settle')
  }

  #perform(action: Action): void {
    this.#checkOnce(action)
    if (action.type === 'drain') this.#checkDrain(action.age)
    commit(this.state, action, this.now)
    if (action.type === 'halt') this.halted = action
    if (action.type === 'spawn') return this.#spawn(action.generation)
    const row = 'age' in action ? this.state.table.get(action.age) : undefined
    if (!row) return
    if (action.type === 'promote') this.#later(row, 5, () => this.#serve(row))
    if (action.type === 'kill') this.#later(row, 5, () => this.#exit(row, null))
    if (action.type === 'drain' && !this.#behaviour(row).isStubborn)
      this.#later(row, this.#random() * 3_000, () => this.#leave(row))
  }

  #spawn(generation: number): void {
    const row = this.state.table.register('web', generation, this.now)
    const { boot, bootMs } = this.#behaviour(row)
    if (boot === 'hangs') return
    this.#later(row, bootMs, () => {
      if (boot === 'ok') return this.#say(row, { type: 'booted' })
      this.#say(row, { type: 'boot-failed', code: 'APP_LOAD_FAILED', message: 'broken' })
      this.#exit(row, 4)
    })
  }

  #serve(row: WorkerRow): void {
    this.#say(row, { type: 'serving' })
    const { silentAfterMs } = this.#behaviour(row)
    const until = silentAfterMs === 0 ? Number.POSITIVE_INFINITY : this.now + silentAfterMs
    const beat = (): void => {
      if (this.now >= until) return
      this.#say(row, { type: 'heartbeat', sample: buildSample() })
      this.#later(row, 1_000, beat)
    }
    beat()
  }

  #leave(row: WorkerRow): void {
    this.#say(row, { type: 'drained', ended: noRequests })
    this.#later(row, 10, () => this.#exit(row, 0))
  }

  /** Each order is sent once; only a drain may be sent again, to shorten it. */
  #checkOnce(action: Action): void {
    if (!('age' in action)) return
    const key = `${action.type} ${action.age}`
    const count = (this.#orders.get(key) ?? 0) + 1
    this.#orders.set(key, count)
    assert.ok(count <= (action.type === 'drain' ? 2 : 1), `${key} was ordered ${count} times`)
  }

  /** A serving worker drains only when enough others serve. */
  #checkDrain(age: number): void {
    const row = this.state.table.get(age)
    if (row?.state !== 'serving' || this.state.stop) return
    const left = this.serving() - 1
    const floor = targetOf(this.group) - this.#world.policy.maxUnavailable
    assert.ok(
      left >= floor,
      `draining ${age} leaves ${left} workers serving, the target is ${targetOf(this.group)}`,
    )
  }

  /** Never more workers than the target, its spares, its surge and one canary, unless a scale-down has just begun. */
  #checkCensus(): void {
    if (this.state.stop) return
    const live = this.state.table
      .rows()
      .filter(row => !row.drain && !row.killed && row.abortedAt === undefined && row.state !== 'closed')
    const { spares, maxSurge } = policyFor(this.group, this.group.generation)
    const most = this.#highestTarget() + spares + Math.max(1, maxSurge) + 1
    assert.ok(live.length <= most, `${live.length} workers are alive, at most ${most} may be`)
  }

  #highestTarget(): number {
    return Math.max(targetOf(this.group), this.#rows('promoting').length + this.serving())
  }
}
