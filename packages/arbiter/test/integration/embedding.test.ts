import { describe, expect, it } from 'vitest'
import { startArbiter } from '../support/start-arbiter.js'

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const

describe('a program that lets an arbiter handle signals, and goes on after it', () => {
  it.each(signals)('is ended by %s as if there had been none', async signal => {
    await using server = await startArbiter({
      runner: 'run-and-go-on.mjs',
      settings: { bind: '127.0.0.1:0', workers: 1 },
    })
    await server.waitForOutput(/^goes on$/m)
    expect(await server.stop(signal)).toEqual({ code: null, signal })
  })

  it('is ended by a signal also when the arbiter did not start', async () => {
    await using server = await startArbiter({
      runner: 'run-and-go-on.mjs',
      settings: { bind: '127.0.0.1:0', app: './throws.mjs' },
    })
    await server.waitForOutput(/^goes on$/m)
    expect(server.output).toContain('APP_LOAD_FAILED')
    expect(await server.stop('SIGTERM')).toEqual({ code: null, signal: 'SIGTERM' })
  })
})
