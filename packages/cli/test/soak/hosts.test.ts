import { expect, test } from 'vitest'
import { rollHosts } from '../runs/rolling-hosts.js'

test('hosts behind HAProxy that are restarted and reloaded one after the other lose no request', async () => {
  const told = await rollHosts(Number(process.env.SOAK_REQUESTS ?? 5_000))
  console.log(told.join('\n'))
  expect(told.length).toBeGreaterThan(0)
}, 900_000)
