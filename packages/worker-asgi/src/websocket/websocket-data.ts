/** What an app may send as a message. */
import { describeValue } from '@tunicorn/arbiter/worker'
import { AsgiProtocolError } from '../protocol/errors.js'

/** Accepts exactly one of the two. @throws AsgiProtocolError */
export function websocketData(text: unknown, bytes: unknown): string | Uint8Array {
  if (typeof text === 'string' && (bytes === undefined || bytes === null)) return text
  if (bytes instanceof Uint8Array && (text === undefined || text === null)) return bytes
  throw new AsgiProtocolError(
    '`websocket.send` to have',
    ['a string as `text`', 'a Uint8Array as `bytes`'],
    `text: ${describeValue(text)}, bytes: ${describeValue(bytes)}`,
  )
}
