/** The proxy configurations in `deploy/`, run by the proxies that they are for. */

import { readFile, writeFile } from 'node:fs/promises'
import { checkAllOk, LoadRun, type RunningProcess, startProcess, temporaryDirectory } from '@tunicorn/harness'
import { expect, it } from 'vitest'
import { freePort } from '../e2e/support/ports.js'
import { serve } from '../supervision/server.js'

const deploy = new URL('../../../../deploy/', import.meta.url)

/** Every text has to be there: a configuration that changed must not leave its test behind. */
function replaceAll(text: string, changes: ReadonlyMap<string, string>): string {
  let changed = text
  for (const [from, to] of changes) {
    if (!changed.includes(from)) throw new Error(`\`${from}\` is not in the configuration`)
    changed = changed.replaceAll(from, to)
  }
  return changed
}

it('nginx loses no request of 3 reloads, and says who the client is', async () => {
  await using directory = await temporaryDirectory()
  const socket = `${directory.path}/app.sock`
  const port = await freePort()
  const site = replaceAll(
    await readFile(new URL('nginx/tunicorn.conf', deploy), 'utf8'),
    new Map([
      ['unix:/run/app/app.sock', `unix:${socket}`],
      ['listen 80;', `listen 127.0.0.1:${port};`],
    ]),
  )
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    name => `${name}_temp_path ${directory.path}/${name};`,
  )
  await writeFile(
    `${directory.path}/nginx.conf`,
    `daemon off; master_process off; pid ${directory.path}/pid; error_log stderr notice;
    events {} http { access_log off; ${paths.join(' ')} ${site} }`,
  )
  await using server = await serve({ bind: `unix:${socket}` })
  await using nginx = await startProcess('nginx', ['-c', `${directory.path}/nginx.conf`], {})
  await nginx.waitForOutput(/start worker|using the/)
  await using load = new LoadRun({ to: `http://127.0.0.1:${port}`, clients: 8 })
  await load.waitForAnswers(50)
  for (let round = 1; round <= 3; round += 1) {
    server.signal('SIGHUP')
    await server.waitForTimes('Reload done', round, 60_000)
    await load.waitForAnswers(100)
  }
  checkAllOk(await load.stop())
  await nginx.stop('SIGQUIT')
  await server.stop()
})

it('HAProxy loses no request while two hosts restart one after the other', async () => {
  await using directory = await temporaryDirectory()
  const ports: number[] = []
  while (ports.length < 5) ports.push(await freePort((ports.at(-1) ?? 20_999) + 1))
  const [front, first, second, firstAdmin, secondAdmin] = ports
  const configuration = replaceAll(
    await readFile(new URL('haproxy/haproxy.cfg', deploy), 'utf8'),
    new Map([
      ['maxconn 20000', 'maxconn 200'],
      ['bind :80', `bind 127.0.0.1:${front}`],
      // Two hosts would have two addresses and one admin port; here it is the other way round.
      ['check port 9100 inter', 'check inter'],
      ['192.0.2.1:8000', `127.0.0.1:${first} port ${firstAdmin}`],
      ['192.0.2.2:8000', `127.0.0.1:${second} port ${secondAdmin}`],
    ]),
  )
  await writeFile(`${directory.path}/haproxy.cfg`, configuration)
  const host = (port: number | undefined, admin: number | undefined): Promise<RunningProcess> =>
    serve({ bind: `127.0.0.1:${port}`, args: ['--admin', `127.0.0.1:${admin}`, '--drain-delay', '4'] })
  await using one = await host(first, firstAdmin)
  await using two = await host(second, secondAdmin)
  await using haproxy = await startProcess('haproxy', ['-db', '-f', `${directory.path}/haproxy.cfg`], {})
  const url = `http://127.0.0.1:${front}`
  await expect.poll(() => fetch(url).then(answer => answer.status, String)).toBe(200)
  await using load = new LoadRun({ to: url, clients: 8 })
  await load.waitForAnswers(100)
  await one.stop()
  await using again = await host(first, firstAdmin)
  await load.waitForAnswers(load.report().requests + 100)
  // HAProxy sends to the first host again once its check has succeeded.
  await haproxy.waitForOutput(/Server app\/first is UP/)
  await two.stop()
  await load.waitForAnswers(load.report().requests + 100)
  const report = await load.stop()
  checkAllOk(report)
  console.log(`two restarts behind HAProxy: ${report.requests} requests, ${report.failed} failed`)
  await again.stop()
  await haproxy.stop('SIGUSR1')
})
