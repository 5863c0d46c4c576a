/** The workers that exist, as the arbiter knows them. Does no I/O. Times are arbiter time in milliseconds. */
import type { ErrorCode } from '../errors.js'
import type { RequestInFlight, WorkerSample } from '../protocol/messages.js'
import { noOutcomes, type Outcomes } from './canary-errors.js'
import type { Examination } from './examination.js'
import type { Reason } from './reason.js'

/**
 * Where a worker is. The host's own states are `booting`, `standby`, `serving`, `draining` and `closed`;
 * `promoting` is a worker that was told to serve and has not yet said that it does.
 */
export type WorkerState = 'booting' | 'standby' | 'promoting' | 'serving' | 'draining' | 'closed'

/** Why evidence is asked for. */
export type AbortCause = 'silence' | 'overdue'

interface Blocked {
  /** By a debugger, and not by its code. */
  readonly isPaused: boolean
  readonly at: number
  readonly requests: readonly RequestInFlight[]
  readonly stack: string
}

/** Written by the files that end in `events.ts`, `evidence.ts` and `examinations.ts` alone. */
export interface WorkerRow {
  readonly age: number
  readonly group: string
  readonly generation: number
  /** Of the slots of its group; see `slots.ts`. */
  readonly slot: number
  readonly pid: number | undefined
  readonly state: WorkerState
  readonly spawnedAt: number
  /** When it was last heard of. */
  readonly lastBeatAt: number
  /** The same, moved on by the time in which a CPU quota kept it from running: from here on its silence counts. */
  readonly silentSince: number
  readonly bootedAt: number | undefined
  readonly servingAt: number | undefined
  /** Its app is loaded, and has not said yet that it is ready. */
  readonly isAwaitingReady: boolean
  /** When `state` last changed. */
  readonly stateAt: number
  /** Set when the worker is to be replaced: by its own wish, or by a limit. */
  readonly retire: Reason | undefined
  /** Set once the worker was told to drain. */
  readonly drain: { readonly reason: Reason; readonly at: number; readonly deadline: number } | undefined
  /** Set once evidence was asked for: it was silent, or does not leave. The kill follows. */
  readonly abortedAt: number | undefined
  readonly abortedFor: AbortCause | undefined
  /** What its watchdog has said of a block that is not over. */
  readonly blocked: Blocked | undefined
  /** The last one that somebody asked for. */
  readonly examination: Examination | undefined
  /** Set once a kill was sent. */
  readonly killed: { readonly reason: Reason; readonly at: number } | undefined
  /** What a failed boot said of itself. */
  readonly bootError: { readonly code: ErrorCode; readonly message: string } | undefined
  readonly sample: WorkerSample | undefined
  /** How its requests have ended. */
  readonly outcomes: Outcomes
  /** Bytes of memory that it had after its boot. */
  readonly footprint: number | undefined
  /** It has served for a while: whatever happens to it now is not a failed boot. */
  readonly isProven: boolean
}

/** What is known of a worker before it is spawned. */
export type Place = Pick<WorkerRow, 'group' | 'generation' | 'slot'>

export class WorkerTable {
  readonly #rows = new Map<number, WorkerRow>()
  /** The same by group: with many groups, nobody has to look through all rows for those of one. */
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

  /** Those of one group, in spawn order. */
  rowsOf(group: string): readonly WorkerRow[] {
    return [...(this.#groups.get(group) ?? [])]
  }
}
