import { compareEncrypted } from '../encrypted.js'
import type { Row } from '../row.js'

export const row: Row = {
  name: 'https-hello',
  order: 11,
  title: 'HTTPS, one worker, app kind `node`, hello, keep-alive',
  measure: bench => compareEncrypted(bench, 'https', { keepAlive: true }),
}
