import { describe, it } from 'vitest'
import { sendPair } from '../runs/signal-pair.js'

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
