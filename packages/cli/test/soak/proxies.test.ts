/** The proxy configurations in `deploy/`, run by the proxies that they are for. */

import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { checkAllOk, LoadRun, type RunningProcess, startProcess, temporaryDirectory } from '@tunicorn/harness'
import { expect, it } from 'vitest'
import { freePort } from '../e2e/support/ports.js'
import { AddressClient, throughReloads } from '../runs/address-clients.js'
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

it('nginx and HAProxy lose no request of 30 reloads, and say who the client is, over TCP and a Unix socket', async () => {
  await using directory = await temporaryDirectory()
  const socket = `${directory.path}/app.sock`
  const ports: number[] = []
  while (ports.length < 5) ports.push(await freePort((ports.at(-1) ?? 24_999) + 1))
  const [port, ...fronts] = ports
  const ways = [`unix:${socket}`, `127.0.0.1:${port}`]
  const template = await readFile(new URL('nginx/tunicorn.conf', deploy), 'utf8')
  const site = (way: string, at: number): string =>
    replaceAll(
      template,
      new Map([
        ['unix:/run/app/app.sock', way],
        ['listen 80;', `listen 127.0.0.1:${fronts[at]};`],
        ['upstream app ', `upstream app${at} `],
        ['http://app;', `http://app${at};`],
        ['$connection_upgrade', `$connection_upgrade${at}`],
      ]),
    )
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    name => `${name}_temp_path ${directory.path}/${name};`,
  )
  await writeFile(
    `${directory.path}/nginx.conf`,
    `daemon off; master_process off; pid ${directory.path}/pid; error_log stderr notice;
    events {} http { access_log off; ${paths.join(' ')} ${ways.map(site).join(' ')} }`,
  )
  const defaults = (await readFile(new URL('haproxy/haproxy.cfg', deploy), 'utf8'))
    .replace('maxconn 20000', 'maxconn 200')
    .replace(/^frontend http[\s\S]*/m, '')
  const listen = (way: string, at: number): string =>
    `listen way${at}\n  bind 127.0.0.1:${fronts[2 + at]}\n  server app ${way.replace('unix:', 'unix@')}\n`
  await writeFile(`${directory.path}/haproxy.cfg`, `${defaults}\n${ways.map(listen).join('')}`)
  await using server = await serve({
    app: fileURLToPath(new URL('../e2e/apps/forwarded-peer.js', import.meta.url)),
    bind: `127.0.0.1:${port}`,
    args: ['-b', `unix:${socket}`, '--forwarded-allow-ips', '127.0.0.1'],
  })
  await using nginx = await startProcess('nginx', ['-c', `${directory.path}/nginx.conf`], {})
  await using haproxy = await startProcess('haproxy', ['-db', '-f', `${directory.path}/haproxy.cfg`], {})
  await nginx.waitForOutput(/start worker|using the/)
  for (const front of fronts)
    await expect.poll(() => fetch(`http://127.0.0.1:${front}`).then(({ status }) => status, String)).toBe(200)
  const clients = fronts.flatMap((front, at) =>
    [2, 3].map(last => new AddressClient({ port: front, from: `127.0.0.${(at + 1) * 10 + last}` })),
  )
  const answers = await throughReloads(clients, { server, reloads: 30 })
  console.log(
    `30 reloads behind nginx and HAProxy, over TCP and a Unix socket: ${answers} requests, 0 failed`,
  )
  await nginx.stop('SIGQUIT')
  await haproxy.stop('SIGUSR1')
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
