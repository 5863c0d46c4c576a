/** Where the command listens, and where that comes from. */
import { once } from 'node:events'
import { stat, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { networkInterfaces } from 'node:os'
import {
  type listeningUrls,
  portOf,
  rawExchange,
  startTunicorn,
  temporaryDirectory,
  waitForWorkers,
} from '@tunicorn/harness'
import { Agent, request } from 'undici'
import { describe, expect, test } from 'vitest'
import { freePort } from '../e2e/support/ports.js'
import { apps, type Served, serve, whenServing } from '../e2e/support/served.js'
import { createProject } from '../integration/project.js'

const oneRequest = 'GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n'

/** Asks over a connection of its own; the answer has to come from a worker that the log of this server names. */
async function expectServed(server: Served, url: string = server.url): Promise<void> {
  const answer = (await rawExchange(url, oneRequest)).toString()
  expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
  await expectWorker(server, answer.slice(answer.indexOf('\r\n\r\n') + 4))
}

async function expectWorker({ running }: Served, pid: string): Promise<void> {
  expect(pid).toMatch(/^\d+$/)
  await running.waitForOutput(new RegExp(`Booting worker with pid: ${pid}\\b`), 5_000)
}

const start = (...args: readonly string[]) =>
  startTunicorn({ cwd: apps, args: ['./hold.js', '-k', 'event-loop', '-w', '2', ...args] })

describe('the address', () => {
  test('of TCP with port 0 is a free port that the log names', async () => {
    await using server = await serve('./hold.js')
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:[1-9]\d+$/)
    await expectServed(server)
  })

  test('is exactly the port that was asked for', async () => {
    const port = await freePort()
    await using server = await whenServing(await start('-b', `127.0.0.1:${port}`))
    expect(server.url).toBe(`http://127.0.0.1:${port}`)
    await expectServed(server)
  })

  test('of a name is the one that the name resolves to', async () => {
    await using server = await whenServing(await start('-b', 'localhost:0'))
    expect(server.url).toMatch(/^http:\/\/(127\.0\.0\.1|\[::1\]):\d+$/)
    await expectServed(server)
  })

  test('without a host is every interface', async () => {
    await using server = await whenServing(await start('-b', ':0'))
    const { port } = new URL(server.url)
    const hosts = Object.values(networkInterfaces()).flatMap(addresses => addresses ?? [])
    const own = hosts.filter(({ family }) => family === 'IPv4').map(({ address }) => address)
    expect(own).toContain('127.0.0.1')
    for (const host of own) await expectServed(server, `http://${host}:${port}`)
  })

  test('of IPv6 is served', async () => {
    await using server = await whenServing(await start('-b', '[::1]:0'))
    expect(server.url).toMatch(/^http:\/\/\[::1\]:[1-9]\d+$/)
    await expectServed(server)
    await expectWorker(server, (await server.ask('/')).text)
  })

  test('of a Unix socket is served, and the socket is gone when the server has ended', async () => {
    await using directory = await temporaryDirectory()
    const socketPath = `${directory.path}/app.sock`
    await using server = await whenServing(await start('-b', `unix:${socketPath}`))
    expect(server.url).toBe(`unix:${socketPath}`)
    const dispatcher = new Agent({ connect: { socketPath } })
    const { statusCode, body } = await request('http://app/', { dispatcher })
    await expectWorker(server, await body.text())
    expect(statusCode).toBe(200)
    await dispatcher.close()
    expect(await server.stop()).toEqual({ code: 0, signal: null })
    await expect(stat(socketPath)).rejects.toThrow('ENOENT')
  })

  test('may be a relative Unix socket, found from --chdir', async () => {
    await using project = await createProject()
    await using server = await whenServing(
      await startTunicorn({
        cwd: '/',
        args: ['./app.mjs', '-k', 'event-loop', '--chdir', project.path, '-b', 'unix:app.sock'],
      }),
    )
    expect((await stat(`${project.path}/app.sock`)).isSocket()).toBe(true)
    expect(server.output).not.toMatch(/warn/)
  })

  test('may be an open descriptor, which stays where it was', async () => {
    const given = createServer().listen(0, '127.0.0.1')
    await once(given, 'listening')
    const url = `http://127.0.0.1:${portOf(given)}`
    await using server = await whenServing(
      await startTunicorn({
        cwd: apps,
        args: ['./hold.js', '-k', 'event-loop', '-w', '2', '-b', 'fd://3'],
        fds: [descriptorOf(given)],
      }),
    )
    given.close()
    expect(server.url).toBe(url)
    await expectServed(server, url)
  })

  test('may be several at once, served by the same workers', async () => {
    await using directory = await temporaryDirectory()
    const socket = `unix:${directory.path}/app.sock`
    await using server = await whenServing(
      await start('-b', '127.0.0.1:0', '-b', socket, '-b', '[::1]:0', '--bind', '127.0.0.1:0'),
    )
    const urls = await allUrls(server.running, 4)
    expect(urls[1]).toBe(socket)
    expect(new Set(urls).size).toBe(4)
    for (const url of urls) await expectServed(server, url)
    expect(await waitForWorkers(server.running, 2)).toHaveLength(2)
  })
})

describe('a setting', () => {
  test('of the number of workers comes from WEB_CONCURRENCY', async () => {
    await using server = await whenServing(
      await startTunicorn({
        cwd: apps,
        args: ['./hold.js', '-k', 'event-loop', '-b', '127.0.0.1:0'],
        env: { WEB_CONCURRENCY: '3' },
      }),
    )
    expect(await waitForWorkers(server.running, 3)).toHaveLength(3)
  })

  test('of the address comes from PORT, on every interface', async () => {
    const port = await freePort()
    await using server = await whenServing(
      await startTunicorn({
        cwd: apps,
        args: ['./hold.js', '-k', 'event-loop'],
        env: { PORT: String(port) },
      }),
    )
    expect(server.url).toBe(`http://0.0.0.0:${port}`)
    await expectServed(server, `http://127.0.0.1:${port}`)
  })

  test('comes from TUNICORN_CMD_ARGS, and a flag wins over it', async () => {
    const env = { TUNICORN_CMD_ARGS: `--bind '127.0.0.1:0' -w 3 --keep-alive=7`, WEB_CONCURRENCY: '5' }
    await using server = await whenServing(
      await startTunicorn({ cwd: apps, args: ['./hold.js', '-k', 'event-loop', '-w', '2'], env }),
    )
    expect((await server.ask('/')).headers['keep-alive']).toBe('timeout=7')
    expect(await waitForWorkers(server.running, 2)).toHaveLength(2)
  })

  test('comes from a TypeScript config file that imports from tunicorn, and TUNICORN_CMD_ARGS win over it', async () => {
    await using project = await createProject({
      'package.json': '{ "type": "module" }',
      'settings/port.ts': `export enum Port { Any = 0 }`,
      'tunicorn.config.ts': `
        import { type Config, defineConfig } from 'tunicorn'
        import { Port } from './settings/port.ts'

        const config: Config = defineConfig({
          app: './app.mjs:named',
          workerClass: 'event-loop',
          workers: 2,
          bind: \`127.0.0.1:\${Port.Any}\`,
          keepAlive: 11,
          limitRequestLine: 100,
        })
        export default config`,
      'app.mjs': `export const named = (req, res) => res.end('served by a config file')`,
    })
    await using server = await whenServing(
      await startTunicorn({ cwd: project.path, args: [], env: { TUNICORN_CMD_ARGS: '--keep-alive 12' } }),
    )
    const { headers, text } = await server.ask('/')
    expect(text).toBe('served by a config file')
    expect(headers['keep-alive']).toBe('timeout=12')
    expect((await server.ask(`/${'x'.repeat(100)}`)).status).toBe(414)
    expect(await waitForWorkers(server.running, 2)).toHaveLength(2)
  })

  test('of the config file is read again on HUP: a new address is bound and an old one is given up', async () => {
    await using project = await createProject()
    const config = (...names: readonly string[]) =>
      JSON.stringify({ app: './app.mjs', bind: names.map(name => `unix:${project.path}/${name}`) })
    await writeFile(`${project.path}/tunicorn.config.json`, config('kept', 'left'))
    await using server = await whenServing(await startTunicorn({ cwd: project.path, args: [] }))
    await writeFile(`${project.path}/tunicorn.config.json`, config('kept', 'new'))
    server.running.signal('SIGHUP')
    await server.running.waitForOutput(/Reload done/)
    for (const name of ['kept', 'new'])
      expect((await rawExchange(`unix:${project.path}/${name}`, oneRequest)).toString()).toContain('200 OK')
    await expect(rawExchange(`unix:${project.path}/left`, oneRequest)).rejects.toThrow(/ENOENT|ECONNREFUSED/)
  })

  test('of a group is its own: two apps under one arbiter at two addresses', async () => {
    await using project = await createProject({
      'tunicorn.config.mjs': `export default {
        workerClass: 'event-loop',
        groups: {
          web: { app: './web.mjs', bind: '127.0.0.1:0', workers: 2 },
          api: { app: './api.mjs', bind: '127.0.0.1:0', keepAlive: 0 },
        },
      }`,
      'web.mjs': `export default (req, res) => res.end('web')`,
      'api.mjs': `export default { fetch: () => new Response('api') }`,
    })
    await using server = await whenServing(await startTunicorn({ cwd: project.path, args: [] }))
    const [web = '', api = ''] = await allUrls(server.running, 2)
    expect(await untilServed(web)).toMatch(/\r\nconnection: keep-alive\r\n[\s\S]*\r\nweb/i)
    expect(await untilServed(api)).toMatch(/\r\nconnection: close\r\n[\s\S]*\r\napi/i)
    expect(await waitForWorkers(server.running, 3)).toHaveLength(3)
  })
})

/** The URLs of every `Listening at` line. */
async function allUrls(
  running: Parameters<typeof listeningUrls>[0],
  count: number,
): Promise<readonly string[]> {
  await running.waitForOutput(new RegExp(`(Listening at[\\s\\S]*){${count}}`))
  return [...running.output.matchAll(/Listening at: (\S+) \(\d+\)/g)].map(([, url]) => url ?? '')
}

/** Between bind and the first worker that serves, the kernel refuses connections. */
async function untilServed(url: string): Promise<string> {
  const end = performance.now() + 20_000
  for (;;) {
    try {
      const answer = await rawExchange(url, 'GET / HTTP/1.1\r\nhost: x\r\n\r\n', { until: /\r\n(web|api)/ })
      return answer.toString()
    } catch (error) {
      if (performance.now() > end) throw error
    }
  }
}

/** Node has no public way to the descriptor of a server. */
function descriptorOf(server: Server): number {
  const handle: unknown = Reflect.get(server, '_handle')
  const fd: unknown = typeof handle === 'object' && handle !== null ? Reflect.get(handle, 'fd') : undefined
  if (typeof fd !== 'number') throw new TypeError('The server has no descriptor')
  return fd
}
