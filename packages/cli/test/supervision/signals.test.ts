import { setTimeout as delay } from 'node:timers/promises'
import { listeningUrl } from '@tunicorn/harness'
import { describe, expect, it } from 'vitest'
import { reapingSuccessors, serve, statusOf } from './server.js'

describe('every pair of signals', () => {
  const signals = [
    'SIGHUP',
    'SIGTTIN',
    'SIGTTOU',
    'SIGUSR1',
    'SIGUSR2',
    'SIGTERM',
    'SIGINT',
    'SIGQUIT',
  ] as const
  const stops: ReadonlySet<string> = new Set(['SIGTERM', 'SIGINT', 'SIGQUIT'])
  const pairs = signals.flatMap(first => signals.map(second => [first, second] as const))

  it.each(pairs)('%s and then %s ends as precedence says', async (first, second) => {
    await using server = await serve({ workers: 1 })
    using successors = reapingSuccessors(server)
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
    process.kill(successors.newest(), 'SIGTERM')
    await server.closed
  })
})
