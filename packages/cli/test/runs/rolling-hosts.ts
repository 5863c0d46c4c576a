/** Hosts behind HAProxy that are restarted and reloaded one after the other, each in a network of its own. */
import { readFile, writeFile } from 'node:fs/promises'
import {
  type Answer,
  bootedPids,
  checkAllOk,
  LoadRun,
  type RunningProcess,
  temporaryDirectory,
  testNode,
  tunicornMain,
} from '@tunicorn/harness'
import { commandLine } from '../supervision/server.js'
import { HostNetwork } from './host-network.js'

/** Seconds. The balancer looks five times a second, and twice before it believes that a host is gone. */
const drainDelay = 2

/** At least so many requests. What it returns is for whoever reads the log. */
export async function rollHosts(requests: number): Promise<readonly string[]> {
  await using directory = await temporaryDirectory()
  let network: HostNetwork
  try {
    network = await HostNetwork.create(3)
  } catch (error) {
    if (process.getuid?.() === 0 && !/not permitted|denied|not supported|Read-only/.test(String(error)))
      throw error
    return [`hosts in networks of their own need root: ${String(error).trim().split('\n').at(-1)}`]
  }
  await using hosts = network
  await using lab = await Lab.start(hosts, directory.path)
  const told: string[] = []
  const run = async (name: string, act: () => Promise<void>, part: number): Promise<void> => {
    // With connections that are used again, and with one for each request.
    await using kept = lab.load('app', true)
    await using fresh = lab.load('app', false)
    await kept.waitForAnswers(50)
    await act()
    const left = Math.ceil(requests * part) - fresh.report().requests - kept.report().requests
    await kept.waitForAnswers(Math.max(50, left))
    for (const [load, how] of [
      [kept, 'reused'],
      [fresh, 'fresh'],
    ] as const) {
      const report = await load.stop()
      checkAllOk(report)
      told.push(`${name}, ${how} connections: ${report.requests} requests, 0 failed`)
    }
  }
  await run('rolling restart of 3 hosts', () => lab.restart([1, 2, 3], drainDelay), 0.4)
  await run('rolling reload of 3 hosts', () => lab.reload([1, 2, 3]), 0.2)
  await lab.stop(3)
  await run('rolling restart of 2 hosts', () => lab.restart([1, 2], drainDelay), 0.3)
  await run('rolling reload of 2 hosts', () => lab.reload([1, 2]), 0.1)
  // Not asserted: how many depends on the moment at which the balancer looks.
  for (const delay of [drainDelay, 0]) {
    if (delay === 0) await lab.replace(1, delay)
    await using load = lab.load('once', false)
    await load.waitForAnswers(50)
    await lab.replace(1, delay)
    await load.waitForAnswers(50)
    const { requests: sent, failed } = await load.stop()
    told.push(
      `a restart with drainDelay ${delay} behind a balancer that does not try again: ${sent} requests, ${failed} failed`,
    )
  }
  return told
}

/** What the log of the balancer calls it. */
function nameOf(host: number): string {
  return `Server app/${host === 1 ? 'first' : `host${host}`}`
}

class Lab implements AsyncDisposable {
  readonly #network: HostNetwork
  readonly #folder: string
  readonly #servers = new Map<number, RunningProcess>()
  readonly #pids = new Set<number>()
  #balancer: RunningProcess | undefined

  private constructor(network: HostNetwork, folder: string) {
    this.#network = network
    this.#folder = folder
  }

  static async start(network: HostNetwork, folder: string): Promise<Lab> {
    const lab = new Lab(network, folder)
    try {
      await writeFile(`${folder}/haproxy.cfg`, await lab.#configuration())
      const balancer = await network.start(0, ['haproxy', '-db', '-f', `${folder}/haproxy.cfg`])
      lab.#balancer = balancer
      // It takes a server for up until its first look.
      const hosts = [1, 2, 3]
      await Promise.all(hosts.map(host => balancer.waitForTimes(`${nameOf(host)} is DOWN`, 1, 60_000)))
      await Promise.all(hosts.map(host => lab.#untilSeen(host, 'UP', () => lab.#serve(host, drainDelay))))
      return lab
    } catch (error) {
      await lab[Symbol.asyncDispose]()
      throw error
    }
  }

  /** That of `deploy/` with three hosts, and the same hosts once more for a balancer that sends each request once. */
  async #configuration(): Promise<string> {
    const text = await readFile(new URL('../../../../deploy/haproxy/haproxy.cfg', import.meta.url), 'utf8')
    const ours = text
      .replace('maxconn 20000', 'maxconn 200')
      .replace('bind :80', `bind unix@${this.#folder}/app`)
      .replace('inter 1s fall 2 rise 1', 'inter 200ms fall 2 rise 1\n    timeout check 5s')
      .replace('192.0.2.1', this.#network.addressOf(1))
      .replace(
        'server second 192.0.2.2:8000',
        [2, 3].map(host => `server host${host} ${this.#network.addressOf(host)}:8000`).join('\n    '),
      )
    const servers = ours.slice(ours.indexOf('default-server'))
    return `${ours}
frontend once
    bind unix@${this.#folder}/once
    default_backend once

backend once
    retries 0
    no option redispatch
    retry-on none
    http-reuse never
    option httpchk GET /readyz
    ${servers}
`
  }

  /** A socket in a folder is reached from every network. */
  load(way: 'app' | 'once', keepAlive: boolean): LoadRun {
    return new LoadRun({
      to: { path: `${this.#folder}/${way}` },
      clients: 4,
      keepAlive,
      check: answer => this.#fromHere(answer),
      maxRequests: Number.POSITIVE_INFINITY,
      maxMs: 3_600_000,
      timeoutMs: 60_000,
    })
  }

  #fromHere({ body }: Answer): string {
    const { pid }: { readonly pid: number } = JSON.parse(body)
    if (!this.#pids.has(pid))
      for (const server of this.#servers.values())
        for (const booted of bootedPids(server)) this.#pids.add(booted)
    if (!this.#pids.has(pid)) throw new Error(`process ${pid} is not a worker of this run`)
    return 'here'
  }

  async restart(hosts: readonly number[], delay: number): Promise<void> {
    for (const host of hosts) await this.replace(host, delay)
  }

  /** Until the balancer has seen it leave and come back. */
  async replace(host: number, delay: number): Promise<void> {
    await this.#untilSeen(host, 'DOWN', () => this.stop(host))
    await this.#untilSeen(host, 'UP', () => this.#serve(host, delay))
  }

  async #untilSeen(host: number, state: 'UP' | 'DOWN', act: () => Promise<void>): Promise<void> {
    const line = `${nameOf(host)} is ${state}`
    const before = this.#times(line)
    await act()
    await this.#balancer?.waitForTimes(line, before + 1, 60_000)
  }

  #times(text: string): number {
    return (this.#balancer?.output.split(text).length ?? 1) - 1
  }

  async reload(hosts: readonly number[]): Promise<void> {
    for (const host of hosts) {
      const server = this.#servers.get(host)
      const before = (server?.output.split('Reload done').length ?? 1) - 1
      server?.signal('SIGHUP')
      await server?.waitForTimes('Reload done', before + 1, 60_000)
    }
  }

  async stop(host: number): Promise<void> {
    const server = this.#servers.get(host)
    if (server === undefined) return
    for (const pid of bootedPids(server)) this.#pids.add(pid)
    await server.stop('SIGTERM', 60_000)
    this.#servers.delete(host)
  }

  async #serve(host: number, delay: number): Promise<void> {
    const bind = `${this.#network.addressOf(host)}:8000`
    const args = ['--admin', '0.0.0.0:9100', '--drain-delay', String(delay)]
    const line = commandLine({ workers: 1, bind, args })
    const server = await this.#network.start(host, [testNode(), tunicornMain, ...line])
    this.#servers.set(host, server)
    await server.waitForOutput(/Booting worker/, 60_000)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const server of [...this.#servers.values(), this.#balancer]) await server?.[Symbol.asyncDispose]()
  }
}
