/** Reads a worker class's figures, within bounds. No figure is worth a worker, and the arbiter ends one that breaks the protocol. */
import { gaugeName, gaugeProblems, maxGauges } from '../contract/gauges.js'
import type { WorkerStats } from '../contract/worker-class.js'
import type { HeartbeatSample } from '../protocol/messages.js'

/** An absent figure is unknown, and the arbiter keeps the last value. */
export type WorkerFigures = Pick<HeartbeatSample, 'connections' | 'load' | 'gauges'>

/** Calls `warn` at most once: a class with a wrong figure repeats it in every heartbeat. */
export class WorkerFigureReader {
  readonly #warn: (problem: string) => void
  #hasWarned = false

  constructor(warn: (problem: string) => void) {
    this.#warn = warn
  }

  /** `stats` may throw. */
  read(stats: () => WorkerStats | undefined): WorkerFigures {
    try {
      return this.#bounded(stats() ?? {})
    } catch (error) {
      this.#warnOnce(`it threw ${String(error)}`)
      return {}
    }
  }

  #bounded({ connections = 0, load, gauges = {} }: WorkerStats): WorkerFigures {
    const isCount = isAmount(connections)
    const isLoad = load === undefined || isAmount(load)
    const problems = [
      ...(isCount ? [] : ['`connections` is no count']),
      ...(isLoad ? [] : ['`load` is no share']),
      ...gaugeProblems(gauges),
    ]
    if (problems.length === 0) return { connections, load, gauges }
    this.#warnOnce(problems.join('; '))
    const shown = Object.entries(gauges).filter(
      ([name, value]) => gaugeName.test(name) && Number.isFinite(value),
    )
    return {
      connections: isCount ? connections : undefined,
      load: isLoad ? load : undefined,
      gauges: Object.fromEntries(shown.slice(0, maxGauges)),
    }
  }

  #warnOnce(problem: string): void {
    if (this.#hasWarned) return
    this.#hasWarned = true
    this.#warn(problem)
  }
}

function isAmount(value: number): boolean {
  return Number.isFinite(value) && value >= 0
}
