/** The metrics of the apps, put together over workers. Workers run app code: what they say is checked and bounded. */
import type { PrometheusContentType, Registry } from 'prom-client'
import AggregatorRegistry from 'prom-client/lib/cluster.js'
import * as v from 'valibot'
import type { ListedMetric } from './listed-metric.js'
import { metricCatalogue } from './metric-catalogue.js'

const maxMetrics = 1_000
const maxValues = 20_000
const metricName = v.pipe(v.string(), v.regex(/^[a-zA-Z_:][\w:]*$/))
const labels = v.record(v.pipe(v.string(), v.regex(/^[a-zA-Z_]\w*$/)), v.union([v.string(), v.number()]))
const metric = v.object({
  name: metricName,
  help: v.string(),
  type: v.picklist(['counter', 'gauge', 'histogram', 'summary']),
  aggregator: v.picklist(['sum', 'first', 'omit', 'average', 'min', 'max']),
  values: v.pipe(
    // What JSON has no number for is `null`.
    v.array(
      v.object({
        value: v.nullable(v.number()),
        labels: v.optional(labels, {}),
        metricName: v.optional(metricName),
      }),
    ),
    v.maxLength(maxValues),
    v.transform(values => values.filter(({ value }) => value !== null)),
  ),
})
const metrics = v.pipe(v.array(metric), v.maxLength(maxMetrics))

/** As the library lists them, whatever its types say of `type`. */
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

type AppMetric = v.InferOutput<typeof metric>

/** What a worker of a group has said last: JSON, or anything. */
export interface AppMetricsText {
  readonly group: string
  readonly text: string | undefined
}

export class AppMetricTotals {
  /** What ended workers have counted, by group. */
  readonly #ended = new Map<string, readonly AppMetric[]>()

  /** `text`: what the worker has said last. */
  workerEnded(group: string, text: string | undefined): void {
    const counted = parse(text).filter(({ type }) => type === 'counter' || type === 'histogram')
    if (counted.length > 0) this.#ended.set(group, summed([this.#ended.get(group) ?? [], counted]))
  }

  /** Groups come and go with reloads. */
  forgetExcept(groups: ReadonlyMap<string, unknown>): void {
    for (const name of this.#ended.keys()) if (!groups.has(name)) this.#ended.delete(name)
  }

  /** The text for Prometheus; empty when no app has said anything. `living`: what each worker has said last. */
  async render(living: readonly AppMetricsText[]): Promise<string> {
    return (await this.#registry(living)?.metrics()) ?? ''
  }

  /** What the text says. */
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

/** Nothing when it is not what a registry says. */
function parse(text: string | undefined): readonly AppMetric[] {
  if (text === undefined) return []
  try {
    const parsed = v.safeParse(metrics, JSON.parse(text))
    // The arbiter's own of this name are of the arbiter's process.
    return parsed.success ? parsed.output.filter(({ name }) => !Object.hasOwn(metricCatalogue, name)) : []
  } catch {
    return []
  }
}

function withGroup(group: string, found: readonly AppMetric[]): readonly AppMetric[] {
  return found.map(each => ({
    ...each,
    values: each.values.map(value => ({ ...value, labels: { ...value.labels, group } })),
  }))
}

function summed(all: readonly (readonly AppMetric[])[]): readonly AppMetric[] {
  const names = new Map(all.flat().map(each => [each.name, each]))
  return [...names.values()].map(each => ({
    ...each,
    values: addedUp(all.flat().filter(({ name }) => name === each.name)),
  }))
}

/** One value for all that have the same labels. */
function addedUp(found: readonly AppMetric[]): AppMetric['values'] {
  const sums = new Map<string, AppMetric['values'][number]>()
  for (const value of found.flatMap(({ values }) => values)) {
    const key = JSON.stringify([value.metricName, Object.entries(value.labels).toSorted()])
    const before = sums.get(key)?.value ?? 0
    sums.set(key, { ...value, value: before + (value.value ?? 0) })
  }
  return [...sums.values()]
}
