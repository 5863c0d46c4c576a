/** Every query in PromQL that this repository shows or ships, and whether it asks for what there is. */
import { readFile } from 'node:fs/promises'
import { parser } from '@prometheus-io/lezer-promql'
import { codeIn } from '@tunicorn/harness'
import { readDashboard } from './dashboard.js'
import { type DocumentedMetric, metricsDocument } from './documented-metrics.js'

type Node = ReturnType<typeof parser.parse>['topNode']

export interface Query {
  readonly from: string
  readonly expr: string
}

const root = new URL('../../../../', import.meta.url)

export async function allQueries(): Promise<readonly Query[]> {
  const read = (path: string): Promise<string> => readFile(new URL(path, root), 'utf8')
  const alerts = (await read('deploy/prometheus/alerts.yaml')).matchAll(/^ +expr: (.*)$/gm)
  const [shown = ''] = codeIn(await readFile(metricsDocument, 'utf8'), 'promql')
  const table = (await read('docs/operating.md')).matchAll(/`([^`|]*tunicorn_[^`]*)`/g)
  const { targets } = await readDashboard()
  return [
    ...[...alerts].map(([, expr = '']) => ({ from: 'the alerts', expr })),
    ...shown.split('\n').flatMap(expr => (expr === '' ? [] : [{ from: 'docs/metrics.md', expr }])),
    ...[...table].map(([, expr = '']) => ({ from: 'docs/operating.md', expr })),
    ...targets.map(({ title, expr }) => ({ from: `the panel "${title}"`, expr: withoutVariables(expr) })),
  ]
}

/** What Grafana makes of a query before it asks. */
export function withoutVariables(expr: string): string {
  return expr
    .replaceAll('$__rate_interval', '1m')
    .replaceAll('$__range', '1h')
    .replaceAll(/\$(job|instance)\b/g, '.+')
}

/** Metrics and labels in a query that are not there. */
export function queryProblems(expr: string, metrics: readonly DocumentedMetric[]): readonly string[] {
  const problems: string[] = []
  const text = (node: Node): string => expr.slice(node.from, node.to)
  parser.parse(expr).iterate({
    enter({ node }) {
      if (node.type.isError) problems.push(`no PromQL at ${node.from}`)
      if (node.name === 'VectorSelector') {
        const name = nameOf(node, expr)
        const labels = labelsOf(name, metrics)
        if (!labels) problems.push(`no metric ${name}`)
        for (const label of below(node, 'LabelName').map(text))
          if (labels?.has(label) === false) problems.push(`${name} has no label ${label}`)
      }
      if (node.name === 'GroupingLabels') problems.push(...groupingProblems(node, expr, metrics))
    },
  })
  return problems
}

/** The labels that what a query answers can have, because something is grouped by them. */
export function groupedBy(expr: string): ReadonlySet<string> {
  const groupings = below(parser.parse(expr).topNode, 'GroupingLabels')
  return new Set(
    groupings.flatMap(node => below(node, 'LabelName')).map(({ from, to }) => expr.slice(from, to)),
  )
}

/** All that is grouped has the label. */
function groupingProblems(
  grouping: Node,
  expr: string,
  metrics: readonly DocumentedMetric[],
): readonly string[] {
  const scope = enclosing(grouping)
  const names = below(scope, 'VectorSelector').map(node => nameOf(node, expr))
  const labels = below(grouping, 'LabelName').map(({ from, to }) => expr.slice(from, to))
  return labels.flatMap(label =>
    names.flatMap(name =>
      labelsOf(name, metrics)?.has(label) === false ? [`${name} cannot be grouped by ${label}`] : [],
    ),
  )
}

/** The expression that a grouping is part of. */
function enclosing(grouping: Node): Node {
  let node = grouping
  while (node.parent && node.name !== 'AggregateExpr' && node.name !== 'BinaryExpr') node = node.parent
  return node
}

function nameOf(selector: Node, expr: string): string {
  const [name] = below(selector, 'Identifier')
  return name ? expr.slice(name.from, name.to) : ''
}

/** With those that a scrape adds. */
function labelsOf(name: string, metrics: readonly DocumentedMetric[]): ReadonlySet<string> | undefined {
  const series = metrics.find(metric =>
    metric.type === 'histogram'
      ? [`${metric.name}_bucket`, `${metric.name}_sum`, `${metric.name}_count`].includes(name)
      : metric.name === name,
  )
  return series && new Set([...series.labels, 'job', 'instance', ...(name.endsWith('_bucket') ? ['le'] : [])])
}

function below(node: Node, name: string): readonly Node[] {
  const found: Node[] = []
  node.cursor().iterate(({ node: each }) => {
    if (each.name === name) found.push(each)
  })
  return found
}
