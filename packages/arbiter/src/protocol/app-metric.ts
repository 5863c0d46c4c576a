/** The apps' metrics as they are sent: prom-client's JSON. It comes from processes that run app code, so it is checked and bounded. */
import * as v from 'valibot'

export interface AppMetric {
  readonly name: string
  readonly help: string
  readonly type: 'counter' | 'gauge' | 'histogram' | 'summary'
  readonly aggregator: 'sum' | 'first' | 'omit' | 'average' | 'min' | 'max'
  readonly values: readonly AppMetricValue[]
}

interface AppMetricValue {
  readonly value: number | null
  readonly labels: Readonly<Record<string, string | number>>
  readonly metricName?: string | undefined
}

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
    // Values that JSON has no number for become `null`.
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
const metrics: v.GenericSchema<unknown, readonly AppMetric[]> = v.pipe(
  v.array(metric),
  v.maxLength(maxMetrics),
)

/** Returns nothing when the text is not what a registry produces. */
export function parseAppMetrics(text: string | undefined): readonly AppMetric[] {
  if (text === undefined) return []
  try {
    const parsed = v.safeParse(metrics, JSON.parse(text))
    return parsed.success ? parsed.output : []
  } catch {
    return []
  }
}

/** What remains after workers or threads have ended: the sums so far plus what they counted. */
export function addCounts(sofar: readonly AppMetric[], said: readonly AppMetric[]): readonly AppMetric[] {
  const counted = said.filter(({ type }) => type === 'counter' || type === 'histogram')
  return counted.length === 0 ? sofar : summed([sofar, counted])
}

function summed(all: readonly (readonly AppMetric[])[]): readonly AppMetric[] {
  const names = new Map(all.flat().map(each => [each.name, each]))
  return [...names.values()].map(each => ({
    ...each,
    values: addedUp(all.flat().filter(({ name }) => name === each.name)),
  }))
}

/** Adds up all values that have the same labels. */
function addedUp(found: readonly AppMetric[]): readonly AppMetricValue[] {
  const sums = new Map<string, AppMetricValue>()
  for (const value of found.flatMap(({ values }) => values)) {
    const key = JSON.stringify([value.metricName, Object.entries(value.labels).toSorted()])
    const before = sums.get(key)?.value ?? 0
    sums.set(key, { ...value, value: before + (value.value ?? 0) })
  }
  return [...sums.values()]
}
