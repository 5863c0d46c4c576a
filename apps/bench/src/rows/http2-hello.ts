import { compareEncrypted } from '../encrypted.js'
import type { Row } from '../row.js'

export const row: Row = {
  name: 'http2-hello',
  order: 12,
  title: 'HTTP/2 over TLS, one worker, app kind `node`, hello, 8 connections with 10 streams each',
  measure: bench => compareEncrypted(bench, 'h2', { keepAlive: true }),
}
