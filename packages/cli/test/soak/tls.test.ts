/** Long runs under TLS, and a real browser. */
import { expect, test } from 'vitest'
import { askWithBrowser } from '../runs/browser.js'
import { reloadUnderHttp2 } from '../runs/http2-reloads.js'
import { reloadUnderTls, renewUnderTls } from '../runs/tls-reloads.js'

const times = Number(process.env.SOAK_RELOADS ?? 6)
/** Of runs that were asked to be long. */
const timeout = 300_000 + times * 20_000

test(
  'no request is lost when certificates are renewed by reloads again and again under load',
  () => reloadUnderTls({ reloads: times, clients: 16 }),
  timeout,
)

test(
  'no request is lost and no connection closed when certificates are renewed in workers under load',
  () => renewUnderTls({ renewals: times, clients: 16 }),
  timeout,
)

test(
  'no request over HTTP/2 is lost when workers are reloaded and certificates renewed under load',
  () => reloadUnderHttp2({ reloads: times, renewals: times, clients: 8 }),
  timeout,
)

test('a browser speaks HTTP/2 where it is on, and HTTP/1.1 where it is not', async () => {
  expect(await askWithBrowser('on')).toContain('HTTP/2.0')
  expect(await askWithBrowser('off')).toContain('HTTP/1.1')
})
