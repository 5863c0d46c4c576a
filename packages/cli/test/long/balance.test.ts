import { Agent, get } from 'node:http'
import { connectionTo, listeningUrl, type RunningProcess, waitForWorkers } from '@tunicorn/harness'
import { describe, expect, it } from 'vitest'
import { serve } from '../supervision/server.js'

/** Clients with a connection of their own each, that they keep as long as the server does. */
class Clients implements Disposable {
  readonly #agents: readonly Agent[]
  readonly #url: string

  constructor(url: string, count: number) {
    this.#url = url
    this.#agents = Array.from({ length: count }, () => new Agent({ keepAlive: true, maxSockets: 1 }))
  }

  [Symbol.dispose](): void {
    for (const agent of this.#agents) agent.destroy()
  }

  /** The worker of each. All ask at once; a failed request rejects. */
  pids(): Promise<readonly number[]> {
    return Promise.all(this.#agents.map(agent => this.#ask(agent)))
  }

  /** How many are at each worker, the most first. */
  async spread(): Promise<readonly number[]> {
    const counts = new Map<number, number>()
    for (const pid of await this.pids()) counts.set(pid, (counts.get(pid) ?? 0) + 1)
    return [...counts.values()].sort((a, b) => b - a)
  }

  #ask(agent: Agent): Promise<number> {
    return new Promise((resolve, reject) => {
      get({ ...connectionTo(this.#url), path: '/?ms=0', agent }, async response => {
        const body = await response.toArray()
        resolve(JSON.parse(Buffer.concat(body).toString()).pid)
      }).once('error', reject)
    })
  }
}

async function serveTwo(): Promise<{ server: RunningProcess; url: string; pids: readonly number[] }> {
  const server = await serve({ workers: 2 })
  const pids = await waitForWorkers(server, 2)
  const url = await listeningUrl(server)
  await expect
    .poll(async () => {
      using clients = new Clients(url, 8)
      return (await clients.spread()).length
    })
    .toBe(2)
  return { server, url, pids }
}

describe('10 bursts of 8 connections, each in the kernel when both workers wake', () => {
  it('are spread over the two', async () => {
    const { server, url, pids } = await serveTwo()
    await using _ = server
    const all: Clients[] = []
    const rounds: string[] = []
    for (let round = 0; round < 10; round += 1) {
      for (const pid of pids) process.kill(pid, 'SIGSTOP')
      const clients = new Clients(url, 8)
      all.push(clients)
      const spread = clients.spread()
      for (const pid of pids) process.kill(pid, 'SIGCONT')
      rounds.push((await spread).join('/'))
    }
    const held = (await Promise.all(all.map(clients => clients.pids()))).flat()
    const most = Math.max(...pids.map(pid => held.filter(each => each === pid).length))
    for (const clients of all) clients[Symbol.dispose]()
    console.log(`bursts: ${rounds.join(' ')}; the fuller worker has ${most} of 80`)
    expect(most).toBeLessThanOrEqual(50)
    const fuller = rounds.map(round => Number(round.split('/')[0]))
    expect(fuller.reduce((sum, count) => sum + count)).toBeLessThanOrEqual(67)
    await server.stop()
  })
})

describe('a worker that does not wake', () => {
  it('is not waited for: the other one takes 50 connections', async () => {
    const { server, url, pids } = await serveTwo()
    await using _ = server
    const [sleeper = 0] = pids
    process.kill(sleeper, 'SIGSTOP')
    const startedAt = performance.now()
    using clients = new Clients(url, 50)
    expect(await clients.spread()).toEqual([50])
    expect(performance.now() - startedAt).toBeLessThan(2_000)
    process.kill(sleeper, 'SIGCONT')
    await server.stop()
  })
})

describe('8 clients that are all at one worker', () => {
  it('are spread again when the other is back, without a failed request', async () => {
    const { server, url, pids } = await serveTwo()
    await using _ = server
    const [victim = 0] = pids
    process.kill(victim, 'SIGSTOP')
    using clients = new Clients(url, 8)
    expect(await clients.spread()).toEqual([8])
    process.kill(victim, 'SIGKILL')
    await waitForWorkers(server, 3)
    await expect.poll(async () => (await clients.spread())[0]).toBeLessThanOrEqual(5)
    await server.stop()
  })
})
