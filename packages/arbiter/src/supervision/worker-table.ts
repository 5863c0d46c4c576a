/** The existing workers, as the arbiter knows them. Does no I/O. Times are arbiter time in milliseconds. */
import type { ErrorCode } from '../errors.js'
import type { RequestInFlight, WorkerSample } from '../protocol/messages.js'
import { noOutcomes, type Outcomes } from './canary-errors.js'
import type { Examination } from './examination.js'
import type { Reason } from './reason.js'

/**
 * The state of a worker. The host's own states are `booting`, `standby`, `serving`, `draining` and `closed`.
 * `promoting` is a worker that was told to serve and has not yet reported that it does.
 */
export type WorkerState = 'booting' | 'standby' | 'promoting' | 'serving' | 'draining' | 'closed'

/** Why evidence is requested. */
export type AbortCause = 'silence' | 'overdue'

interface Blocked {
  /** A debugger has paused it; its code is not the cause. */
  readonly isPaused: boolean
  readonly at: number
  readonly requests: readonly RequestInFlight[]
  readonly stack: string
}

/** Only the files that end in `events.ts`, `evidence.ts` and `examinations.ts` write it. */
export interface WorkerRow {
  readonly age: number
  readonly group: string
  readonly generation: number
  /** One of the slots of its group; see `slots.ts`. */
  readonly slot: number
  readonly pid: number | undefined
  readonly state: WorkerState
  readonly spawnedAt: number
  /** When it was last heard from. */
  readonly lastBeatAt: number
  /** The same, plus the time in which a CPU quota kept it from running. Its silence counts from here. */
  readonly silentSince: number
  readonly bootedAt: number | undefined
  readonly servingAt: number | undefined
  /** Its app is loaded but has not yet said that it is ready. */
  readonly isAwaitingReady: boolean
  /** When `state` last changed. */
  readonly stateAt: number
  /** Set when the worker is to be replaced, because it asked for that or reached a limit. */
  readonly retire: Reason | undefined
  /** Set once the worker was told to drain. */
  readonly drain: { readonly reason: Reason; readonly at: number; readonly deadline: number } | undefined
  /** Set once evidence was requested, because it was silent or does not end. The kill follows. */
  readonly abortedAt: number | undefined
  readonly abortedFor: AbortCause | undefined
  /** What its watchdog has reported about a block that is not over. */
  readonly blocked: Blocked | undefined
  /** The last examination that was requested. */
  readonly examination: Examination | undefined
  /** Set once a kill was sent. */
  readonly killed: { readonly reason: Reason; readonly at: number } | undefined
  /** What a failed boot reported. */
  readonly bootError: { readonly code: ErrorCode; readonly message: string } | undefined
  readonly sample: WorkerSample | undefined
  /** How its requests have ended. */
  readonly outcomes: Outcomes
  /** Bytes of memory that it had after its boot. */
  readonly footprint: number | undefined
  /** It has served for a while, so whatever happens to it now is not a failed boot. */
  readonly isProven: boolean
}

/** What is known of a worker before it is spawned. */
export type Place = Pick<WorkerRow, 'group' | 'generation' | 'slot'>

export class WorkerTable {
  readonly #rows = new Map<number, WorkerRow>()
  /** The same rows by group, so that with many groups a look at one need not search all rows. */
  readonly #groups = new Map<string, Set<WorkerRow>>()
  #lastAge = 0

  /** Adds a worker that is being spawned. Ages are never reused. */
  register({ group, generation, slot }: Place, now: number): WorkerRow {
    this.#lastAge += 1
    const row: WorkerRow = {
      age: this.#lastAge,
      group,
      generation,
      slot,
      pid: undefined,
      state: 'booting',
      spawnedAt: now,
      lastBeatAt: now,
      silentSince: now,
      bootedAt: undefined,
      servingAt: undefined,
      isAwaitingReady: false,
      stateAt: now,
      retire: undefined,
      drain: undefined,
      abortedAt: undefined,
      abortedFor: undefined,
      blocked: undefined,
      examination: undefined,
      killed: undefined,
      bootError: undefined,
      sample: undefined,
      outcomes: noOutcomes,
      footprint: undefined,
      isProven: false,
    }
    this.#rows.set(row.age, row)
    this.#groups.set(group, (this.#groups.get(group) ?? new Set()).add(row))
    return row
  }

  get(age: number): WorkerRow | undefined {
    return this.#rows.get(age)
  }

  remove(age: number): void {
    const row = this.#rows.get(age)
    if (!row) return
    this.#rows.delete(age)
    const rows = this.#groups.get(row.group)
    rows?.delete(row)
    if (rows?.size === 0) this.#groups.delete(row.group)
  }

  get size(): number {
    return this.#rows.size
  }

  /** In spawn order. */
  rows(): readonly WorkerRow[] {
    return [...this.#rows.values()]
  }

  /** The rows of one group, in spawn order. */
  rowsOf(group: string): readonly WorkerRow[] {
    return [...(this.#groups.get(group) ?? [])]
  }
}
