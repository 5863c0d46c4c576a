/** The apps' metrics, combined over all workers. Workers run app code, so their input is checked and bounded. */
import type { PrometheusContentType, Registry } from 'prom-client'
import AggregatorRegistry from 'prom-client/lib/cluster.js'
import * as v from 'valibot'
import { type AppMetric, addCounts, parseAppMetrics } from '../protocol/app-metric.js'
import type { ListedMetric } from './listed-metric.js'
import { metricCatalogue } from './metric-catalogue.js'

/** What the library really returns; its type of `type` is wrong. */
const listedMetric = v.object({
  name: v.string(),
  type: v.picklist(['counter', 'gauge', 'histogram', 'summary']),
  help: v.string(),
  values: v.array(
    v.object({
      value: v.number(),
      labels: v.record(v.string(), v.pipe(v.union([v.string(), v.number()]), v.transform(String))),
      metricName: v.exactOptional(v.string()),
    }),
  ),
})

/** What a worker of a group reported last: JSON, or anything else. */
export interface AppMetricsText {
  readonly group: string
  readonly text: string | undefined
}

export class AppMetricTotals {
  /** What workers that have ended had counted, by group. */
  readonly #ended = new Map<string, readonly AppMetric[]>()

  /** `text`: the worker's last report. */
  workerEnded(group: string, text: string | undefined): void {
    const counts = addCounts(this.#ended.get(group) ?? [], parse(text))
    if (counts.length > 0) this.#ended.set(group, counts)
  }

  /** Drops groups that a reload has removed. */
  forgetExcept(groups: ReadonlyMap<string, unknown>): void {
    for (const name of this.#ended.keys()) if (!groups.has(name)) this.#ended.delete(name)
  }

  /** The text for Prometheus. Empty when no app has reported anything. `living`: the last report of each worker. */
  async render(living: readonly AppMetricsText[]): Promise<string> {
    return (await this.#registry(living)?.metrics()) ?? ''
  }

  /** The same metrics as a list. */
  async list(living: readonly AppMetricsText[]): Promise<readonly ListedMetric[]> {
    return v.parse(v.array(listedMetric), (await this.#registry(living)?.getMetricsAsJSON()) ?? [])
  }

  #registry(living: readonly AppMetricsText[]): Registry<PrometheusContentType> | undefined {
    const ended = [...this.#ended].map(([group, found]) => withGroup(group, found))
    const all = [...ended, ...living.map(({ group, text }) => withGroup(group, parse(text)))]
    if (all.every(found => found.length === 0)) return undefined
    return AggregatorRegistry.aggregate<PrometheusContentType>([...all])
  }
}

/** The arbiter's own default metrics describe the arbiter's process, so an app's metrics may not use their names. */
function parse(text: string | undefined): readonly AppMetric[] {
  return parseAppMetrics(text).filter(({ name }) => !Object.hasOwn(metricCatalogue, name))
}

function withGroup(group: string, found: readonly AppMetric[]): readonly AppMetric[] {
  return found.map(each => ({
    ...each,
    values: each.values.map(value => ({ ...value, labels: { ...value.labels, group } })),
  }))
}
