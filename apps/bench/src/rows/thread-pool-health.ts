import { Agent, get } from 'node:http'
import { LoadRun } from '@tunicorn/harness'
import { type Contender, start } from '../contender.js'
import type { Row } from '../row.js'
import { eventLoop, threadPool } from './thread-pool-hello.js'

const TARGET_MS = 25

export const row: Row = {
  name: 'thread-pool-health',
  order: 73,
  title: "p99 of `loopPaths: ['/health']` while 2 threads are full of requests of 200 ms",
  measure: async ({ rounds, seconds, progress }) => {
    const baseline: number[] = []
    const ours: number[] = []
    for (let round = 1; round <= rounds; round++) {
      baseline.push(...(await latencies(eventLoop(), seconds)))
      ours.push(...(await latencies(threadPool('/', '-o', 'loopPaths=/health'), seconds)))
      progress(`round ${round}/${rounds}: p99 so far ${p99(ours).toFixed(1)} ms`)
    }
    return {
      baseline: `event-loop ${p99(baseline).toFixed(0)} ms`,
      tunicorn: `${p99(ours).toFixed(1)} ms`,
      result: `${p99(ours).toFixed(1)} ms`,
      target: `≤ ${TARGET_MS} ms`,
      isReached: p99(ours) <= TARGET_MS,
    }
  },
}

/** How many milliseconds each health check takes, one after another, on a connection of their own. */
async function latencies(contender: Contender, seconds: number): Promise<readonly number[]> {
  await using server = await start(contender, false)
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const found: number[] = []
  // Before the load, so that the connection is open when the worker stops accepting.
  await ask(server.url, agent)
  await using load = new LoadRun({ to: server.url, target: '/busy', clients: 8 })
  await load.waitForAnswers(1)
  const end = performance.now() + seconds * 1000
  while (performance.now() < end) {
    const startedAt = performance.now()
    await ask(server.url, agent)
    found.push(performance.now() - startedAt)
    await new Promise(resolve => setTimeout(resolve, 5))
  }
  agent.destroy()
  return found
}

function ask(url: string, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    get(`${url}/health`, { agent }, response => {
      response.resume().once('end', resolve)
    }).once('error', reject)
  })
}

function p99(samples: readonly number[]): number {
  const sorted = [...samples].sort((a, b) => a - b)
  const found = sorted[Math.floor((sorted.length - 1) * 0.99)]
  if (found === undefined) throw new RangeError('There are no samples')
  return found
}
