import { setTimeout as delay } from 'node:timers/promises'
import { listeningUrl, Successors } from '@tunicorn/harness'
import { expect } from 'vitest'
import { serve, statusOf } from '../supervision/server.js'

export const signals = [
  'SIGHUP',
  'SIGTTIN',
  'SIGTTOU',
  'SIGUSR1',
  'SIGUSR2',
  'SIGTERM',
  'SIGINT',
  'SIGQUIT',
] as const

type Signal = (typeof signals)[number]

const stops: ReadonlySet<string> = new Set(['SIGTERM', 'SIGINT', 'SIGQUIT'])

/** A stop wins over everything, an upgrade over a reload, and what does neither lets the server go on. */
export async function sendPair(first: Signal, second: Signal): Promise<void> {
  await using server = await serve({ workers: 1 })
  using successors = new Successors(server)
  const to = await listeningUrl(server)
  server.signal(first)
  // Between 0 and 25 ms, another for every pair: the gap is what the test is about.
  await delay((signals.indexOf(first) * 3 + signals.indexOf(second)) % 26)
  server.signal(second)
  const isStop = stops.has(first) || stops.has(second)
  const isUpgrade = first === 'SIGUSR2' || second === 'SIGUSR2'
  if (isStop) {
    expect((await server.closed).code).toBe(0)
    await expect(statusOf(to)).rejects.toThrow()
    return
  }
  if (isUpgrade) await server.waitForOutput(/Master has been promoted/)
  else if (first === 'SIGHUP' || second === 'SIGHUP') await server.waitForOutput(/Reload done/)
  expect(await statusOf(to)).toBe(200)
  process.kill(successors.newest, 'SIGTERM')
  await server.closed
}
