import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { sendPair } from '../runs/signal-pair.js'
import { serve } from './server.js'

// `test/soak` has all 64.
describe('two signals, one soon after the other', () => {
  it.each([
    ['SIGHUP', 'SIGHUP'],
    ['SIGHUP', 'SIGUSR2'],
    ['SIGUSR2', 'SIGHUP'],
    ['SIGTTIN', 'SIGTTOU'],
    ['SIGUSR1', 'SIGHUP'],
    ['SIGUSR2', 'SIGTERM'],
    ['SIGHUP', 'SIGINT'],
    ['SIGTERM', 'SIGQUIT'],
  ] as const)('%s and then %s end as precedence says', sendPair)
})

describe('a server that ends', () => {
  it.each(['SIGHUP', 'SIGTERM', 'SIGINT', 'SIGUSR2'] as const)(
    'has the exit code of its stop, however often %s comes on its way out',
    async signal => {
      await using server = await serve({ workers: 1 })
      const exited = server.stop('SIGTERM')
      await server.waitForOutput(/Shutting down: Master/)
      let isGone = false
      void exited.then(() => {
        isGone = true
      })
      while (!isGone) {
        server.signal(signal)
        await delay(0)
      }
      expect(await exited).toEqual({ code: 0, signal: null })
    },
  )
})
