import { compareEncrypted } from '../encrypted.js'
import type { Row } from '../row.js'

export const row: Row = {
  name: 'tls-handshakes',
  order: 13,
  title: 'Full handshakes of TLS, one worker, hello, one connection per request',
  measure: bench => compareEncrypted(bench, 'https', { keepAlive: false }),
}
