/** Which distributed trace a request is part of. */
import type { RequestHead } from './request.js'

/** The trace id in `traceparent` (W3C Trace Context, 3.2.2): 32 hexadecimal digits. `undefined`: there is no valid one. */
export function traceIdOf(head: Pick<RequestHead, 'header'>): string | undefined {
  const field = head.header?.('traceparent')
  if (field === undefined) return undefined
  const [, version, trace, parent, more] = pattern.exec(field) ?? []
  // Later versions may say more; this one may not.
  if (version === 'ff' || (version === '00' && more !== '')) return undefined
  return trace === noTrace || parent === noParent ? undefined : trace
}

const pattern = /^([\da-f]{2})-([\da-f]{32})-([\da-f]{16})-[\da-f]{2}(|-.*)$/
const noTrace = '0'.repeat(32)
const noParent = '0'.repeat(16)
