/** The run of the same name in `test/e2e`, for longer. */
import { test } from 'vitest'
import { reloadUnderTls } from '../runs/tls-reloads.js'

test('no request is lost when certificates are renewed again and again under load', async () => {
  await reloadUnderTls({ reloads: 20, clients: 16 })
})
