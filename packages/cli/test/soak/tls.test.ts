/** The runs of the same names in `test/e2e`, for longer, and a real browser. */
import { expect, test } from 'vitest'
import { askWithBrowser } from '../runs/browser.js'
import { reloadUnderHttp2 } from '../runs/http2-reloads.js'
import { reloadUnderTls } from '../runs/tls-reloads.js'

test('no request is lost when certificates are renewed again and again under load', async () => {
  await reloadUnderTls({ reloads: 20, clients: 16 })
})

test('no request over HTTP/2 is lost when workers are reloaded and certificates renewed under load', async () => {
  const times = Number(process.env.SOAK_RELOADS ?? 6)
  await reloadUnderHttp2({ reloads: times, renewals: times, clients: 8 })
})

test('a browser speaks HTTP/2 where it is on, and HTTP/1.1 where it is not', async () => {
  expect(await askWithBrowser('on')).toContain('HTTP/2.0')
  expect(await askWithBrowser('off')).toContain('HTTP/1.1')
})
