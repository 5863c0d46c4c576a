/** The gauges of worker classes, summed over the workers of one group. */
import type { MetricValue } from './metric-value.js'

/** A worker runs app code, and could use a new name in every heartbeat. Each would be a series that never goes away. */
const maxNames = 100

export interface GaugedWorker {
  readonly workerClass: string
  readonly gauges: Readonly<Record<string, number>>
}

export class GaugeSums {
  /** The accepted names, by worker class. */
  readonly #names = new Map<string, Set<string>>()

  values(group: string, workers: readonly GaugedWorker[]): readonly MetricValue[] {
    const sums = new Map<string, Map<string, number>>()
    for (const { workerClass, gauges } of workers)
      for (const [name, value] of Object.entries(gauges)) {
        if (!this.#counts(workerClass, name)) continue
        const ofClass = sums.get(workerClass) ?? new Map<string, number>()
        sums.set(workerClass, ofClass.set(name, (ofClass.get(name) ?? 0) + value))
      }
    return [...sums].flatMap(([worker_class, ofClass]) =>
      [...ofClass].map(([name, value]) => ({ labels: { group, worker_class, name }, value })),
    )
  }

  #counts(workerClass: string, name: string): boolean {
    const names = this.#names.get(workerClass) ?? new Set<string>()
    this.#names.set(workerClass, names)
    if (names.size < maxNames) names.add(name)
    return names.has(name)
  }
}
