/** The metrics of an app that runs in threads, as one registry: what each thread reported last. For worker classes. */
import type { MetricsRegistry } from '../app/metrics-registry.js'
import type { AppMetric } from '../protocol/app-metric.js'

type Rules = typeof import('../protocol/app-metric.js')

export class ThreadMetrics implements MetricsRegistry {
  readonly #living = new Map<object, readonly AppMetric[]>()
  /** What threads that have ended had counted. */
  #ended: readonly AppMetric[] = []
  /** Undefined until a thread has reported something. */
  #done: Promise<void> | undefined

  /** A thread reports the contents of its registries, as the JSON of its `AppMetrics`. */
  told(thread: object, text: string): void {
    this.#inTurn(({ parseAppMetrics }) => this.#living.set(thread, parseAppMetrics(text)))
  }

  /** A thread has ended. Its counters and histograms are kept. */
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

  /** The checks are loaded when a thread first reports. Most apps have no metrics, and should not pay for them in every boot. */
  #inTurn(step: (rules: Rules) => void): void {
    const done = Promise.all([import('../protocol/app-metric.js'), this.#done]).then(([rules]) => step(rules))
    // The rejection reaches everyone who asks for the metrics.
    done.catch(() => {})
    this.#done = done
  }
}
