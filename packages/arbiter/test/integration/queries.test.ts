import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { temporaryDirectory } from '@tunicorn/harness'
import { describe, expect, it } from 'vitest'
import { readDashboard } from '../support/dashboard.js'
import { documentedMetrics } from '../support/documented-metrics.js'
import { allQueries, groupedBy, queryProblems, withoutVariables } from '../support/queries.js'

const execute = promisify(execFile)

describe('the queries of the dashboard, the alerts and the documentation', () => {
  it('name metrics and labels that Tunicorn has', async () => {
    const metrics = await documentedMetrics()
    const queries = await allQueries()
    for (const from of ['the alerts', 'docs/metrics.md', 'docs/operating.md', 'the panel "Latency"'])
      expect(queries.map(query => query.from)).toContain(from)
    const problems = queries.flatMap(({ from, expr }) =>
      queryProblems(expr, metrics).map(problem => `${from}: ${problem}, in ${expr}`),
    )
    expect(problems).toEqual([])
  })

  it('would be caught if they did not', async () => {
    const metrics = await documentedMetrics()
    const problems = [
      'tunicorn_worker',
      'tunicorn_workers{status="serving"}',
      'sum by (slot) (tunicorn_connections)',
      'sum by (le) (rate(tunicorn_request_duration_seconds_count[1m]))',
      'sum by (group) (tunicorn_workers',
    ].map(expr => queryProblems(expr, metrics)[0])
    expect(problems).toEqual([
      'no metric tunicorn_worker',
      'tunicorn_workers has no label status',
      'tunicorn_connections cannot be grouped by slot',
      'tunicorn_request_duration_seconds_count cannot be grouped by le',
      expect.stringMatching(/^no PromQL at/),
    ])
  })

  it('are PromQL to Prometheus', async () => {
    await using directory = await temporaryDirectory()
    const path = `${directory.path}/rules.yaml`
    const rules = (await allQueries()).map(({ expr }, index) => ({ record: `query:${index}`, expr }))
    await writeFile(path, JSON.stringify({ groups: [{ name: 'queries', rules }] }))
    const { stdout } = await execute('promtool', ['check', 'rules', path])
    expect(stdout).toContain(`SUCCESS: ${rules.length} rules found`)
  })
})

describe('the dashboard', () => {
  it('asks for the job and the instance that somebody has chosen, in every query', async () => {
    const { targets, variables } = await readDashboard()
    expect(variables).toEqual(['datasource', 'job', 'instance'])
    for (const { expr } of targets) {
      const selectors = expr.match(/\b(?:tunicorn|process)_\w+/g) ?? []
      const chosen = expr.match(/\b(?:tunicorn|process)_\w+\{job=~"\$job", instance=~"\$instance"/g) ?? []
      expect({ expr, chosen: chosen.length }).toEqual({ expr, chosen: selectors.length })
    }
  })

  it('tells lines apart by labels that the answer has', async () => {
    for (const { title, expr, legendFormat } of (await readDashboard()).targets) {
      const labels = groupedBy(withoutVariables(expr))
      const named = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = '']) => label)
      expect({ title, unknown: named.filter(label => !labels.has(label)) }).toEqual({ title, unknown: [] })
    }
  })

  it('has panels that do not cover each other', async () => {
    const { panels } = await readDashboard()
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length)
    const cells = panels.flatMap(({ gridPos: { h, w, x, y } }) =>
      Array.from({ length: h * w }, (_, index) => `${x + (index % w)} ${y + Math.floor(index / w)}`),
    )
    expect(new Set(cells).size).toBe(cells.length)
    expect(panels.every(({ gridPos: { w, x } }) => x + w <= 24)).toBe(true)
  })

  it('has no title twice', async () => {
    const titles = (await readDashboard()).panels.map(({ title }) => title)
    expect(new Set(titles).size).toBe(titles.length)
  })
})
