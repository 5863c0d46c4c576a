/** The run of the same name in `test/e2e`, for longer. */
import { test } from 'vitest'
import { reloadUnderHttp2 } from '../runs/http2-reloads.js'
import { reloadUnderTls } from '../runs/tls-reloads.js'

test('no request is lost when certificates are renewed again and again under load', async () => {
  await reloadUnderTls({ reloads: 20, clients: 16 })
})

test('no request over HTTP/2 is lost when workers are reloaded and certificates renewed under load', async () => {
  const times = Number(process.env.SOAK_RELOADS ?? 6)
  await reloadUnderHttp2({ reloads: times, renewals: times, clients: 8 })
})
