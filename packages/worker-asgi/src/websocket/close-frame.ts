/** Checks the contents of a close frame. */
import { describeValue } from '@tunicorn/arbiter/worker'
import { AsgiProtocolError } from '../protocol/errors.js'

const maxReasonBytes = 123

/** @throws AsgiProtocolError for codes that must not be sent */
export function checkCloseCode(code: unknown): number {
  if (code === undefined || code === null) return 1000
  const isSendable =
    typeof code === 'number' &&
    Number.isInteger(code) &&
    ((code >= 1000 && code <= 1014 && (code < 1004 || code > 1006)) || (code >= 3000 && code <= 4999))
  if (isSendable) return code
  throw new AsgiProtocolError(
    '`code` to be',
    ['1000 to 1003', '1007 to 1014', '3000 to 4999'],
    describeValue(code),
  )
}

/** The reason, cut between two characters if it is too long for a close frame. @throws AsgiProtocolError */
export function checkCloseReason(reason: unknown): string {
  if (reason === undefined || reason === null) return ''
  if (typeof reason !== 'string')
    throw new AsgiProtocolError('`reason` to be', ['a string'], describeValue(reason))
  if (Buffer.byteLength(reason) <= maxReasonBytes) return reason
  const { read } = new TextEncoder().encodeInto(reason, new Uint8Array(maxReasonBytes))
  return reason.slice(0, read)
}
