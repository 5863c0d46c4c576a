/** Socket.IO with long polling over two workers, through the proxies and with the example that the docs name. */
import { readFile, writeFile } from 'node:fs/promises'
import { Agent } from 'node:http'
import { fileURLToPath } from 'node:url'
import { type RunningProcess, startProcess, startTunicorn, temporaryDirectory } from '@tunicorn/harness'
import { io, type Socket } from 'socket.io-client'
import { expect, test } from 'vitest'
import { freePort } from '../e2e/support/ports.js'

const root = new URL('../../../../', import.meta.url)
const example = fileURLToPath(new URL('examples/socket-io/', root))

interface Site {
  /** A folder of its own. */
  readonly path: string
  /** Of the proxy. */
  readonly port: number
  readonly workers: readonly number[]
}

/** Every text has to be there: a file that changed must not leave its test behind. */
async function changed(file: string, changes: Readonly<Record<string, string>>): Promise<string> {
  let text = await readFile(new URL(file, root), 'utf8')
  for (const [from, to] of Object.entries(changes)) {
    if (!text.includes(from)) throw new Error(`\`${from}\` is not in ${file}`)
    text = text.replaceAll(from, to)
  }
  return text
}

function ports([first, second]: Site['workers']): Readonly<Record<string, string>> {
  return { '8001': String(first), '8002': String(second) }
}

const proxies: Readonly<Record<string, (site: Site) => Promise<RunningProcess>>> = {
  async HAProxy({ path, port, workers }) {
    const changes = { 'maxconn 20000': 'maxconn 500', 'bind :80': `bind 127.0.0.1:${port}` }
    const text = await changed('deploy/haproxy/sticky.cfg', { ...changes, ...ports(workers) })
    await writeFile(`${path}/haproxy.cfg`, text)
    return startProcess('haproxy', ['-db', '-f', `${path}/haproxy.cfg`], {})
  },
  async nginx({ path, port, workers }) {
    const site = await changed('deploy/nginx/sticky.conf', {
      'listen 80;': `listen 127.0.0.1:${port};`,
      ...ports(workers),
    })
    const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
      name => `${name}_temp_path ${path}/${name};`,
    )
    await writeFile(
      `${path}/nginx.conf`,
      `daemon off; master_process off; pid ${path}/pid; error_log stderr warn;
      events {} http { access_log off; ${paths.join(' ')} ${site} }`,
    )
    return startProcess('nginx', ['-c', `${path}/nginx.conf`], {})
  },
}

/** One with an address of its own, as a browser has. Every second one stays with long polling. */
class Client {
  readonly socket: Socket
  readonly #agent: Agent
  connects = 0
  /** What attempts to come back have failed with. */
  readonly failures: string[] = []
  pid = 0

  constructor(port: number, number: number) {
    this.#agent = new Agent({ keepAlive: true, localAddress: `127.0.0.${10 + number}` })
    const options = { forceNew: true, ...(number % 2 === 0 && { transports: ['polling'] }) }
    // Which its types do not know: browsers have none.
    Reflect.set(options, 'agent', this.#agent)
    this.socket = io(`http://127.0.0.1:${port}`, options)
    this.socket.on('welcome', (pid: number) => {
      this.connects += 1
      this.pid = pid
    })
    this.socket.io.on('reconnect_error', error => {
      this.failures.push(error.message)
    })
  }

  /** Resolves when it has been welcomed so many times. */
  async welcomed(times: number): Promise<void> {
    while (this.connects < times)
      await new Promise<void>(resolve => this.socket.once('welcome', () => resolve()))
  }

  leave(): void {
    this.socket.disconnect()
    this.#agent.destroy()
  }
}

/** What one says, all hear. */
async function talk(clients: readonly Client[], text: string): Promise<void> {
  const heard = clients.map(
    ({ socket }) => new Promise<string>(resolve => socket.once('said', (said: string) => resolve(said))),
  )
  clients[0]?.socket.emit('say', text)
  expect(new Set(await Promise.all(heard))).toEqual(new Set([text]))
}

test.each(Object.keys(proxies))(
  'of 50 clients of Socket.IO behind %s each comes back once in a reload, and hears those of the other worker',
  async name => {
    await using directory = await temporaryDirectory()
    const port = await freePort()
    const first = await freePort(port + 1)
    const site = { path: directory.path, port, workers: [first, await freePort(first + 1)] }
    const config = await changed('examples/socket-io/tunicorn.config.mjs', {
      './server.mjs': `${example}server.mjs`,
      '`127.0.0.1:${port}`': 'port',
      '8001': `'127.0.0.1:${site.workers[0]}'`,
      '8002': `'127.0.0.1:${site.workers[1]}'`,
    })
    await writeFile(`${directory.path}/tunicorn.config.mjs`, config)
    await using server = await startTunicorn({
      cwd: example,
      args: ['-c', `${directory.path}/tunicorn.config.mjs`, '--canary-seconds', '0'],
    })
    await server.waitForOutput(/Listening at/)
    await using proxy = await proxies[name]?.(site)
    await expect.poll(() => fetch(`http://127.0.0.1:${port}`).then(answer => answer.status, String)).toBe(200)
    const clients = Array.from({ length: 50 }, (_, number) => new Client(port, number))
    await Promise.all(clients.map(client => client.welcomed(1)))
    expect(new Set(clients.map(({ pid }) => pid)).size).toBe(2)
    await talk(clients, 'before')
    const before = new Set(clients.map(({ pid }) => pid))
    server.signal('SIGHUP')
    await server.waitForTimes('Reload done', 1, 60_000)
    await Promise.all(clients.map(client => client.welcomed(2)))
    await talk(clients, 'after')
    const failures = clients.flatMap(client => client.failures)
    expect(clients.map(({ connects }) => connects)).toEqual(clients.map(() => 2))
    // On a machine that is busy a first attempt may come too soon; a second one never does.
    expect(Math.max(...clients.map(client => client.failures.length)), failures.join()).toBeLessThanOrEqual(1)
    expect(clients.filter(({ pid }) => before.has(pid))).toEqual([])
    for (const client of clients) client.leave()
    expect((await server.stop()).code).toBe(0)
    await proxy?.stop('SIGTERM')
  },
)
