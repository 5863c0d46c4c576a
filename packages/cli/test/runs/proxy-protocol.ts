/** HAProxy speaks the PROXY protocol to a server that reloads: of both versions, over TCP, a Unix socket and before TLS. */
import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { startProcess, startTunicorn, temporaryDirectory } from '@tunicorn/harness'
import { expect } from 'vitest'
import { createAuthority } from '../e2e/support/certificates.js'
import { freePort } from '../e2e/support/ports.js'
import { AddressClient, throughReloads } from './address-clients.js'

const apps = fileURLToPath(new URL('../e2e/apps/', import.meta.url))

/** Every request over connections that are kept is answered with the address of the client, and not of HAProxy. */
export async function reloadBehindHaproxy(reloads: number): Promise<number> {
  await using directory = await temporaryDirectory()
  const authority = await createAuthority(directory.path)
  const { certfile, keyfile } = await authority.issue('localhost', { names: ['127.0.0.1'] })
  const ports: number[] = []
  while (ports.length < 6) ports.push(await freePort((ports.at(-1) ?? 22_999) + 1))
  const [plain, secure, ...fronts] = ports
  const socket = `${directory.path}/app.sock`
  const ways = [
    `127.0.0.1:${plain} send-proxy`,
    `127.0.0.1:${plain} send-proxy-v2`,
    `unix@${socket} send-proxy-v2`,
    `127.0.0.1:${secure} send-proxy-v2`,
  ]
  const listen = (way: string, index: number): string =>
    `listen way${index}\n  bind 127.0.0.1:${fronts[index]}\n  server app ${way}\n`
  await writeFile(
    `${directory.path}/haproxy.cfg`,
    `global\n  maxconn 200\ndefaults\n  mode tcp\n  timeout connect 5s\n  timeout client 60s\n  timeout server 60s\n${ways.map(listen).join('')}`,
  )
  await using server = await startTunicorn({
    cwd: apps,
    args: [
      ...['./peer.js', '-k', 'event-loop', '-w', '2', '--canary-seconds', '0', '--proxy-protocol', 'auto'],
      ...['-b', `127.0.0.1:${plain}`, '-b', `unix:${socket}`, '-b', `https://127.0.0.1:${secure}`],
      ...['--certfile', certfile, '--keyfile', keyfile, '--log-format', 'text'],
    ],
  })
  await using haproxy = await startProcess('haproxy', ['-db', '-f', `${directory.path}/haproxy.cfg`], {})
  const ca = await readFile(authority.certfile, 'utf8')
  await expect
    .poll(() => fetch(`http://127.0.0.1:${fronts[0]}`).then(({ status }) => status, String))
    .toBe(200)
  const clients = fronts.flatMap((port, way) =>
    [2, 3].map(
      last => new AddressClient({ port, from: `127.0.0.${way * 10 + last}`, ca: way === 3 ? ca : undefined }),
    ),
  )
  const answers = await throughReloads(clients, { server, reloads })
  await haproxy.stop('SIGUSR1')
  await server.stop()
  return answers
}
