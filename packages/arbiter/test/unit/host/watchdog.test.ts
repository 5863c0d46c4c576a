import { expect, onTestFinished, test } from 'vitest'
import { RequestLedger } from '../../../src/host/request-ledger.js'
import { Watchdog } from '../../../src/host/watchdog.js'

const ledger = new RequestLedger({ begun: () => {}, ended: () => {} })

test('tells once that its thread has ended by itself', async () => {
  const errors: Error[] = []
  await new Promise<void>(resolve => {
    const watchdog = new Watchdog({
      threadUrl: new URL('data:text/javascript,throw new Error("no room for a thread")'),
      timeoutMs: 0,
      ledger,
      lost(error) {
        errors.push(error)
        resolve()
      },
    })
    onTestFinished(() => watchdog.stop())
  })
  await new Promise(resolve => setImmediate(resolve))
  expect(errors.map(({ message }) => message)).toEqual(['no room for a thread'])
})
