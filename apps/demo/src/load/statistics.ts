/** What a run has seen of one group. Pure arithmetic: the time is an argument. */
import type { Lane } from '../shared/lane.js'
import type { LaneSummary, Latency, Progress } from '../shared/progress.js'
import { isFatal, type Work } from '../shared/work.js'

/** How one request ended. */
export interface Outcome {
  readonly work: Work
  /** When it ended, since the load on the group began. */
  readonly endedMs: number
  readonly tookMs: number
  /** The process that answered. Absent if there was no good answer. */
  readonly pid?: number
  /** How often the process has leaked, including this time. */
  readonly leaked?: number
}

/** How far a sample looks back. */
const windowMs = 1_000

export class Statistics {
  readonly #lane: Lane
  readonly #outcomes: Outcome[] = []

  constructor(lane: Lane) {
    this.#lane = lane
  }

  add(outcome: Outcome): void {
    this.#outcomes.push(outcome)
  }

  sample(nowMs: number): Extract<Progress, { type: 'sample' }> {
    const lookBackMs = Math.min(windowMs, nowMs)
    const recent = this.#outcomes.filter(
      ({ pid, endedMs }) => pid !== undefined && endedMs > nowMs - lookBackMs,
    )
    return {
      type: 'sample',
      lane: this.#lane,
      atMs: Math.round(nowMs),
      answersPerSecond: lookBackMs === 0 ? 0 : (recent.length * 1_000) / lookBackMs,
      ...latencyOf(recent),
    }
  }

  summary(): LaneSummary {
    const answers = this.#outcomes.filter(({ pid }) => pid !== undefined)
    const missing = this.#outcomes.filter(({ pid }) => pid === undefined)
    const lost = missing.filter(({ work }) => isFatal(work)).length
    return {
      lane: this.#lane,
      answered: answers.length,
      failed: missing.length - lost,
      lost,
      processes: new Set(answers.map(({ pid }) => pid)).size,
      mostLeaked: Math.max(0, ...answers.map(({ leaked = 0 }) => leaked)),
      ...latencyOf(answers),
    }
  }
}

/** Of the fast requests if there are any, because they are the ones that suffer from the others. */
function latencyOf(answers: readonly Outcome[]): { readonly latency?: Latency } {
  const fast = answers.filter(({ work }) => work === 'fast')
  const times = (fast.length > 0 ? fast : answers).map(({ tookMs }) => tookMs).sort((a, b) => a - b)
  if (times.length === 0) return {}
  return { latency: { p50Ms: percentile(times, 0.5), p99Ms: percentile(times, 0.99) } }
}

/** By nearest rank. `sorted` is ascending and not empty. */
function percentile(sorted: readonly number[], share: number): number {
  return Math.round((sorted[Math.ceil(sorted.length * share) - 1] ?? 0) * 10) / 10
}
