/** Reloads and renewals of the certificate under HTTPS requests over connections that are kept. */
import { once } from 'node:events'
import { Agent, request } from 'node:https'
import { type Deferred, deferred, temporaryDirectory } from '@tunicorn/harness'
import { expect } from 'vitest'
import { type Served, serve } from '../e2e/support/served.js'
import { RenewedCertificate } from './renewed-certificate.js'

export interface TlsReloads {
  readonly reloads: number
  readonly clients: number
}

export interface TlsRenewals {
  readonly renewals: number
  readonly clients: number
}

/** Every request is answered by a worker of this server, and after each reload new connections get the new certificate. */
export async function reloadUnderTls({ reloads, clients }: TlsReloads): Promise<void> {
  await underLoad([], clients, async ({ served, certificate, load }) => {
    for (let count = 1; count <= reloads; count += 1) {
      const before = await certificate.serialAt(served.url)
      await certificate.renew()
      served.running.signal('SIGHUP')
      await served.running.waitForTimes('Reload done', count, 60_000)
      await load.next(clients * 5)
      expect(await certificate.serialAt(served.url)).not.toBe(before)
    }
    // More than the first workers.
    expect(load.pids.size).toBeGreaterThan(2)
    return `${reloads} reloads`
  })
}

/** No request fails, and no connection is closed: each renewal reaches the worker that has them. */
export async function renewUnderTls({ renewals, clients }: TlsRenewals): Promise<void> {
  // Of several workers, one may give connections to others at any time.
  const args = ['-w', '1', '--certificate-reload', '0.2']
  await underLoad(args, clients, async ({ served, certificate, load }) => {
    for (let count = 1; count <= renewals; count += 1) {
      const before = await certificate.serialAt(served.url)
      await certificate.renew()
      await expect.poll(() => certificate.serialAt(served.url), { timeout: 60_000 }).not.toBe(before)
      await load.next(clients * 5)
    }
    expect(load.connections).toBe(clients)
    expect(load.pids.size).toBe(1)
    return `${renewals} renewals`
  })
}

interface Scene {
  readonly served: Served
  readonly certificate: RenewedCertificate
  readonly load: Load
}

async function underLoad(
  more: readonly string[],
  clients: number,
  act: (scene: Scene) => Promise<string>,
): Promise<void> {
  await using directory = await temporaryDirectory()
  const certificate = await RenewedCertificate.create(directory.path)
  const { ca, certfile } = certificate
  await using served = await serve('./secure.js:node', { args: ['--certfile', certfile, ...more] })
  const agent = new Agent({ keepAlive: true, maxSockets: clients, ca })
  const load = new Load(served.url, agent)
  const running = Array.from({ length: clients }, () => load.run())
  await load.next(clients * 5)
  const done = await act({ served, certificate, load })
  load.isOver = true
  await Promise.all(running)
  agent.destroy()
  expect(load.failures).toEqual([])
  expect(await served.stop()).toEqual({ code: 0, signal: null })
  expect(served.output).not.toMatch(/"level":"(?:warn|error)"/)
  console.log(
    `${load.answers} requests over HTTPS, ${load.connections} connections, ${done}, ${load.failures.length} failed`,
  )
}

class Load {
  isOver = false
  answers = 0
  /** Connections that were opened. */
  connections = 0
  readonly pids: Set<unknown> = new Set()
  readonly failures: unknown[] = []
  readonly #url: string
  readonly #agent: Agent
  readonly #waiting = new Map<Deferred, number>()

  constructor(url: string, agent: Agent) {
    this.#url = url
    this.#agent = agent
  }

  async run(): Promise<void> {
    while (!this.isOver) {
      try {
        await this.#ask()
        this.answers += 1
      } catch (error) {
        this.failures.push(error)
      }
      for (const [waiting, target] of this.#waiting)
        if (this.answers + this.failures.length >= target) waiting.resolve()
    }
  }

  /** Resolves after so many further answers and failures. */
  async next(count: number): Promise<void> {
    const waiting = deferred()
    this.#waiting.set(waiting, this.answers + this.failures.length + count)
    await waiting.promise
    this.#waiting.delete(waiting)
  }

  async #ask(): Promise<void> {
    const req = request(this.#url, { agent: this.#agent })
    req.end()
    const [res] = await once(req, 'response')
    if (!req.reusedSocket) this.connections += 1
    let text = ''
    for await (const chunk of res) text += String(chunk)
    const seen = JSON.parse(text)
    expect(seen).toMatchObject({ encrypted: true, pid: expect.any(Number) })
    this.pids.add(seen.pid)
  }
}
