/** The dashboard in `deploy/grafana`, as Grafana reads it: a model that names what this repository uses of it. */
import { readFile } from 'node:fs/promises'
import * as v from 'valibot'

/** The one that somebody has chosen. */
const source = v.strictObject({
  type: v.literal('prometheus'),
  uid: v.pipe(v.string(), v.regex(/^\$\{datasource\}$/)),
})
const grid = v.strictObject({ h: v.number(), w: v.number(), x: v.number(), y: v.number() })
const target = v.object({
  refId: v.string(),
  datasource: source,
  expr: v.string(),
  legendFormat: v.string(),
  instant: v.boolean(),
  range: v.boolean(),
})
const graph = v.object({
  id: v.number(),
  type: v.picklist(['timeseries', 'stat']),
  title: v.pipe(v.string(), v.nonEmpty()),
  description: v.pipe(v.string(), v.nonEmpty()),
  datasource: source,
  gridPos: grid,
  fieldConfig: v.object({ defaults: v.object({ unit: v.string() }), overrides: v.array(v.unknown()) }),
  options: v.record(v.string(), v.unknown()),
  targets: v.pipe(v.array(target), v.minLength(1)),
})
const row = v.object({
  id: v.number(),
  type: v.literal('row'),
  title: v.string(),
  collapsed: v.literal(false),
  gridPos: grid,
  panels: v.pipe(v.array(v.unknown()), v.length(0)),
})
const variable = v.variant('type', [
  v.object({ type: v.literal('datasource'), name: v.string(), query: v.literal('prometheus') }),
  v.object({
    type: v.literal('query'),
    name: v.string(),
    datasource: source,
    query: v.object({ query: v.string(), refId: v.string() }),
    multi: v.boolean(),
    includeAll: v.boolean(),
  }),
])
const annotation = v.object({ name: v.string(), datasource: source, expr: v.string() })
const model = v.object({
  title: v.string(),
  uid: v.pipe(v.string(), v.maxLength(40)),
  schemaVersion: v.pipe(v.number(), v.minValue(39)),
  templating: v.object({ list: v.array(variable) }),
  annotations: v.object({ list: v.array(annotation) }),
  panels: v.array(v.variant('type', [graph, row])),
})

interface Target {
  readonly expr: string
  readonly legendFormat: string
}

interface Panel {
  readonly id: number
  readonly title: string
  readonly gridPos: { readonly h: number; readonly w: number; readonly x: number; readonly y: number }
  /** None in a heading. */
  readonly targets: readonly Target[]
}

export interface Dashboard {
  readonly variables: readonly string[]
  readonly panels: readonly Panel[]
  /** The queries of panels and of annotations, with the title of each. */
  readonly targets: readonly (Target & { readonly title: string })[]
}

/** @throws Error with what Grafana would not understand */
export async function readDashboard(): Promise<Dashboard> {
  const path = new URL('../../../../deploy/grafana/tunicorn.json', import.meta.url)
  const { annotations, panels, templating } = v.parse(model, JSON.parse(await readFile(path, 'utf8')))
  const all = panels.map(panel => ({ ...panel, targets: panel.type === 'row' ? [] : panel.targets }))
  return {
    variables: templating.list.map(({ name }) => name),
    panels: all,
    targets: [
      ...all.flatMap(({ title, targets }) => targets.map(target => ({ ...target, title }))),
      ...annotations.list.map(({ name, expr }) => ({ title: name, expr, legendFormat: '' })),
    ],
  }
}
