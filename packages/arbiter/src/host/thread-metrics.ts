/** The metrics of an app that runs in threads, as one registry: what each thread reported last. For worker classes. */
import type { MetricsRegistry } from '../app/metrics-registry.js'
import type { AppMetric } from '../protocol/app-metric.js'

type Rules = typeof import('../protocol/app-metric.js')

export class ThreadMetrics implements MetricsRegistry {
  readonly #living = new Map<object, readonly AppMetric[]>()
  /** What ended threads have counted. */
  #ended: readonly AppMetric[] = []
  /** Absent: nobody has said anything. */
  #done: Promise<void> | undefined

  /** A thread reports what its registries hold: the JSON of an `AppMetrics` there. */
  told(thread: object, text: string): void {
    this.#inTurn(({ parseAppMetrics }) => this.#living.set(thread, parseAppMetrics(text)))
  }

  /** Its counters and histograms stay. */
  ended(thread: object): void {
    if (!this.#done) return
    this.#inTurn(({ addCounts }) => {
      this.#ended = addCounts(this.#ended, this.#living.get(thread) ?? [])
      this.#living.delete(thread)
    })
  }

  async getMetricsAsJSON(): Promise<readonly AppMetric[]> {
    await this.#done
    return [this.#ended, ...this.#living.values()].flat()
  }

  /** The checks are loaded once a thread has something to say: most apps have no metrics, and would pay in every boot. */
  #inTurn(step: (rules: Rules) => void): void {
    const done = Promise.all([import('../protocol/app-metric.js'), this.#done]).then(([rules]) => step(rules))
    // Whoever asks for the metrics is told.
    done.catch(() => {})
    this.#done = done
  }
}
