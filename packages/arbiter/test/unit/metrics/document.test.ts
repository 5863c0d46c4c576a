import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { reasonKinds } from '../../../src/arbiter/reason.js'
import { metricCatalogue } from '../../../src/metrics/metric-catalogue.js'
import { requestCodes } from '../../../src/protocol/request-figures.js'

const document = new URL('../../../../../docs/metrics.md', import.meta.url)

/** The rows of the table of metrics: name, type, labels, meaning. */
async function rows(): Promise<readonly (readonly string[])[]> {
  const lines = (await readFile(document, 'utf8')).split('\n')
  return lines
    .map(line => line.split(' | ').map(cell => cell.replace(/^\|/, '').replace(/\|$/, '').trim()))
    .filter(([name = '']) => /^`(tunicorn|process)_\w+`$/.test(name))
}

test('docs/metrics.md has every metric, with its type and its labels, and no other', async () => {
  const documented = (await rows()).map(([name = '', type = '', labels = '']) => ({
    name: name.replaceAll('`', ''),
    type,
    labels: [...labels.matchAll(/`(\w+)`/g)].map(match => match[1]),
  }))
  const known = Object.entries(metricCatalogue).map(([name, { type, labels }]) => ({ name, type, labels }))
  expect(documented).toEqual(known)
})

test('docs/metrics.md names every reason of an exit and every class of status that is no status', async () => {
  const meanings = new Map((await rows()).map(([name, , , meaning = '']) => [name, meaning]))
  const exits = meanings.get('`tunicorn_worker_exits_total`') ?? ''
  expect([...exits.matchAll(/`([\w-]+)`/g)].map(match => match[1]).toSorted()).toEqual(reasonKinds.toSorted())
  const requests = meanings.get('`tunicorn_requests_total`') ?? ''
  for (const code of requestCodes.filter(code => !/^[234]xx$/.test(code)))
    expect(requests).toContain(`\`${code}\``)
})
