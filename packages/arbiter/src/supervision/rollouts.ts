/** The existing generations, and the change from one to the next. */

import type { Logger } from '../contract/logger.js'
import { TunicornError } from '../errors.js'
import type { SocketStore } from '../sockets/socket-store.js'
import { emptyLeaving, forgetGone, leaveAllBut } from './group-events.js'
import { type Generation, type LaunchGroup, policiesOf } from './launch.js'
import { beginRollout } from './rollout-events.js'
import type { ArbiterState, GroupState } from './state.js'
import type { WorkerRow } from './worker-table.js'

/** How many problems a reload reports at most: a crash loop repeats the same ones forever. */
const maxProblems = 3

interface Pending {
  readonly generation: Generation
  /** The first problems with it. */
  readonly problems: Set<string>
  /** Its workers have served, or were about to. */
  isServing: boolean
  resolve(): void
  reject(error: TunicornError): void
}

export class Rollouts {
  readonly #state: ArbiterState
  readonly #sockets: SocketStore
  readonly #log: Logger
  readonly #generations = new Map<number, Generation>()
  /** The generation to go back to. Absent: nothing was started. */
  #serving: Generation | undefined
  #pending: Pending | undefined

  constructor(state: ArbiterState, sockets: SocketStore, log: Logger) {
    this.#state = state
    this.#sockets = sockets
    this.#log = log
  }

  /** Starts the first generation. */
  start(generation: Generation): void {
    this.#generations.set(generation.number, generation)
    this.#serving = generation
  }

  find(number: number): Generation | undefined {
    return this.#generations.get(number)
  }

  launchOf(row: Readonly<WorkerRow>): LaunchGroup | undefined {
    return this.#generations.get(row.generation)?.groups.get(row.group)
  }

  /** What the group runs in the serving generation, or in the next one if the group is new with it. */
  launchOfGroup({ name, generation, rollout }: GroupState): LaunchGroup | undefined {
    const serving = this.#generations.get(generation)?.groups.get(name)
    return serving ?? this.#generations.get(rollout?.generation ?? generation)?.groups.get(name)
  }

  /** Resolves when every worker is of the new generation. @throws TunicornError `RELOAD_FAILED`, `RELOAD_ROLLED_BACK`, `ARBITER_STOPPED` */
  begin(generation: Generation): Promise<void> {
    this.#generations.set(generation.number, generation)
    beginRollout(this.#state, generation.number, policiesOf(generation))
    return new Promise((resolve, reject) => {
      this.#pending = { generation, problems: new Set(), isServing: false, resolve, reject }
    })
  }

  /** A worker did not become ready, or ended unasked. Keeps the reason if the worker was of the new generation. */
  noteProblem(row: WorkerRow, problem: string): void {
    if (this.#pending?.generation.number !== row.generation) return
    const { problems } = this.#pending
    if (problems.size < maxProblems) problems.add(problem)
  }

  /** Every group has a worker of the new generation in standby. These workers now serve beside the old ones. */
  prove(): void {
    if (!this.#pending) return
    const { generation } = this.#pending
    const windows = [...this.#state.groups.values()].map(({ rollout }) => rollout?.policy.canaryMs ?? 0)
    const canarySeconds = Math.max(...windows) / 1_000
    if (canarySeconds === 0) return
    this.#pending.isServing = true
    this.#log.info('The new generation is ready; its first worker serves beside the old ones', {
      gen: generation.number,
      canarySeconds,
    })
  }

  /** The new generation has proved itself, and the old workers are now replaced. */
  roll(): void {
    if (!this.#pending) return
    const { generation } = this.#pending
    this.#pending.isServing = true
    leaveAllBut(this.#state, generation.groups)
    this.#log.info('The new generation is ready; replacing workers', { gen: generation.number })
  }

  /** One group is done. The rollout is done when all groups are. */
  done(): void {
    if (!this.#pending || [...this.#state.groups.values()].some(group => group.rollout)) return
    this.#serving = this.#pending.generation
    this.#keepOnly(this.#serving)
    this.#settle()
  }

  failed(group: string, fault: string | undefined): void {
    const problems = [...(fault === undefined ? [] : [fault]), ...(this.#pending?.problems ?? [])]
    const problem = problems.join('; ') || 'its workers did not become ready'
    const code = this.#pending?.isServing ? 'RELOAD_ROLLED_BACK' : 'RELOAD_FAILED'
    if (this.#serving) this.#keepOnly(this.#serving)
    const what = `The running generation is kept: group ${group}: ${problem}`
    this.#settle(new TunicornError(code, what))
  }

  stopped(): void {
    this.#settle(new TunicornError('ARBITER_STOPPED', 'The arbiter was stopped'))
  }

  /** Workers of other generations may still drain, but need no socket and no configuration for that. */
  #keepOnly(generation: Generation): void {
    emptyLeaving(this.#state)
    const keys = [...generation.groups.values()].flatMap(({ sockets }) => sockets.map(({ key }) => key))
    for (const { url } of this.#sockets.retain(new Set(keys)))
      this.#log.info(`No longer listening at: ${url}`)
    for (const number of this.#generations.keys())
      if (number !== generation.number) this.#generations.delete(number)
  }

  /** A group that a reload removed is forgotten once its last worker is gone. */
  forgetEmptyGroups(): void {
    if (!this.#pending) forgetGone(this.#state)
  }

  #settle(error?: TunicornError): void {
    const pending = this.#pending
    this.#pending = undefined
    if (error) pending?.reject(error)
    else pending?.resolve()
  }
}
