/** The table of metrics of docs/metrics.md, which a unit test holds against the source. */
import { readFile } from 'node:fs/promises'

export const metricsDocument: URL = new URL('../../../../docs/metrics.md', import.meta.url)

export interface DocumentedMetric {
  readonly name: string
  readonly type: string
  readonly labels: readonly string[]
  readonly meaning: string
}

export async function documentedMetrics(): Promise<readonly DocumentedMetric[]> {
  const lines = (await readFile(metricsDocument, 'utf8')).split('\n')
  return lines
    .map(line => line.split(' | ').map(cell => cell.replace(/^\|/, '').replace(/\|$/, '').trim()))
    .filter(([name = '']) => /^`(tunicorn|process)_\w+`$/.test(name))
    .map(([name = '', type = '', labels = '', meaning = '']) => ({
      name: name.replaceAll('`', ''),
      type,
      labels: [...labels.matchAll(/`(\w+)`/g)].map(([, label = '']) => label),
      meaning,
    }))
}
