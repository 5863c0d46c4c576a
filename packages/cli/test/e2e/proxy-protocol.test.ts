import { expect, test } from 'vitest'
import { reloadBehindHaproxy } from '../runs/proxy-protocol.js'

test('the app sees the clients of HAProxy, also over a Unix socket and TLS, and through a reload', async () => {
  expect(await reloadBehindHaproxy(1)).toBeGreaterThan(0)
})
