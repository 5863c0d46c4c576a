/** What the status reports about the past and the worker table does not keep. Times are wall times in milliseconds. */
import type { ExitReport } from '../supervision/exit-report.js'
import type { ArbiterObserver, ReloadOutcome } from '../supervision/observers.js'
import type { WorkerRow } from '../supervision/worker-table.js'
import { errorStatus } from './error-answer.js'
import type { Past } from './past.js'
import type { WorkerTimes } from './server-status.js'
import type { ExitStatus, ReloadStatus } from './status.js'

const keptExits = 20
/** The newest exits are always kept. Among older ones, workers that come and go with the requests must not hide a crash. */
const newestExits = 10

export class History implements ArbiterObserver {
  readonly #now: () => number
  readonly #onExit: (group: string, exit: ExitStatus) => void
  readonly #times = new Map<number, WorkerTimes>()
  readonly #exits: Map<string, readonly ExitStatus[]>
  #lastReload: ReloadStatus | null

  constructor(now: () => number, onExit: (group: string, exit: ExitStatus) => void, past: Past) {
    this.#now = now
    this.#onExit = onExit
    this.#exits = new Map(past.exits)
    this.#lastReload = past.lastReload
  }

  /** The history that a successor starts from. */
  get past(): Past {
    return { exits: this.#exits, lastReload: this.#lastReload }
  }

  get lastReload(): ReloadStatus | null {
    return this.#lastReload
  }

  times(age: number): WorkerTimes {
    const now = this.#now()
    return this.#times.get(age) ?? { spawnedAt: now, sampledAt: now }
  }

  /** Newest first. */
  exits(group: string): readonly ExitStatus[] {
    return this.#exits.get(group) ?? []
  }

  /** Drops the exits of groups that a reload has removed. */
  forgetExcept(groups: ReadonlyMap<string, unknown>): void {
    for (const name of this.#exits.keys()) if (!groups.has(name)) this.#exits.delete(name)
  }

  workerChanged({ age }: Readonly<WorkerRow>): void {
    if (this.#times.has(age)) return
    const now = this.#now()
    this.#times.set(age, { spawnedAt: now, sampledAt: now })
  }

  sampled({ age }: Readonly<WorkerRow>): void {
    this.#times.set(age, { ...this.times(age), sampledAt: this.#now() })
  }

  exited(row: Readonly<WorkerRow>, { kind, text, level }: ExitReport): void {
    this.#times.delete(row.age)
    const exit: ExitStatus = {
      pid: row.pid ?? null,
      age: row.age,
      generation: row.generation,
      reason: { kind, text },
      isOrderly: level === 'info',
      at: new Date(this.#now()).toISOString(),
    }
    this.#exits.set(row.group, bounded([exit, ...this.exits(row.group)]))
    this.#onExit(row.group, exit)
  }

  reloadEnded(outcome: ReloadOutcome): void {
    this.#lastReload = {
      result: outcome.type,
      at: new Date(this.#now()).toISOString(),
      error: outcome.type === 'failed' ? errorStatus(outcome.error) : null,
    }
  }
}

function bounded(exits: readonly ExitStatus[]): readonly ExitStatus[] {
  if (exits.length <= keptExits) return exits
  const oldestOrderly = exits.findLastIndex(({ isOrderly }) => isOrderly)
  const leaving = oldestOrderly >= newestExits ? oldestOrderly : exits.length - 1
  return exits.filter((_, index) => index !== leaving)
}
