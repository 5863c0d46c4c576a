/** The driver for worker classes that speak HTTP/1.1. */
import type { Driver } from './driver.js'
import { HttpClient } from './http-client.js'

/** Has fixture apps of the kinds `node`, `fetch` and `asgi`. Any other kind needs a fixture of its own: see `apps`. */
export const httpDriver: Driver = {
  protocol: 'http',
  acts: ['echo', 'hold', 'leave', 'block', 'reject', 'throw'],
  apps: {
    node: new URL('./fixtures/node-app.js', import.meta.url),
    fetch: new URL('./fixtures/fetch-app.js', import.meta.url),
    asgi: new URL('./fixtures/asgi-app.js', import.meta.url),
  },
  connect: address => HttpClient.connect(address),
}
