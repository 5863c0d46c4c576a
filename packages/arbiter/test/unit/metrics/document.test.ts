import { readFile } from 'node:fs/promises'
import { codeIn } from '@tunicorn/harness'
import { expect, test } from 'vitest'
import { parseAdminAddress } from '../../../src/config/admin-address.js'
import { metricCatalogue } from '../../../src/metrics/metric-catalogue.js'
import { requestCodes } from '../../../src/protocol/request-figures.js'
import { reasonKinds } from '../../../src/supervision/reason.js'
import { documentedMetrics, metricsDocument } from '../../support/documented-metrics.js'

test('docs/metrics.md has every metric, with its type and its labels, and no other', async () => {
  const documented = (await documentedMetrics()).map(({ name, type, labels }) => ({ name, type, labels }))
  const known = Object.entries(metricCatalogue).map(([name, { type, labels }]) => ({ name, type, labels }))
  expect(documented).toEqual(known)
})

test('docs/metrics.md names every reason of an exit and every class of status that is no status', async () => {
  const meanings = new Map((await documentedMetrics()).map(({ name, meaning }) => [name, meaning]))
  const exits = meanings.get('tunicorn_worker_exits_total') ?? ''
  expect([...exits.matchAll(/`([\w-]+)`/g)].map(match => match[1]).toSorted()).toEqual(reasonKinds.toSorted())
  const requests = meanings.get('tunicorn_requests_total') ?? ''
  for (const code of requestCodes.filter(code => !/^[234]xx$/.test(code)))
    expect(requests).toContain(`\`${code}\``)
})

test('the Kubernetes probes of docs/metrics.md ask for paths and for a port that are there', async () => {
  const text = await readFile(metricsDocument, 'utf8')
  const manifest = codeIn(text, 'yaml').find(code => code.startsWith('args:')) ?? ''
  const port = /name: admin, containerPort: (\d+)/.exec(manifest)?.[1]
  const address = /"--admin", "([^"]+)"/.exec(manifest)?.[1] ?? ''
  expect(parseAdminAddress(address)).toMatchObject({
    ok: true,
    address: { host: '0.0.0.0', port: Number(port) },
  })
  const probes = [...manifest.matchAll(/^(\w+)Probe:\n {2}httpGet: \{ path: (\S+), port: admin \}$/gm)]
  expect(probes.map(([, name, path]) => [name, path])).toEqual([
    ['startup', '/startupz'],
    ['readiness', '/readyz'],
    ['liveness', '/livez'],
  ])
})
