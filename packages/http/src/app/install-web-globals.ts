/**
 * Replaces `Response`, `Request` and `fetch` of this process, for apps of kind `fetch`.
 *
 * Node's own `Response` hides its body behind a stream that costs more than the rest of a small request. srvx's version
 * remembers what it was made from, and becomes Node's own when something else is asked of it. `instanceof Response`
 * holds for both. Requests are lazy in the same way. Node's `Request` and `fetch` accept only Node's own requests, so
 * they are given one.
 */
import { patchGlobalRequest } from 'srvx/node'
import { WebResponse } from './web-response.js'

const installed = Symbol.for('tunicorn.fetch')

/** Idempotent. */
export function installWebGlobals(): void {
  Object.assign(globalThis, { Response: WebResponse })
  patchGlobalRequest()
  const nodeFetch = globalThis.fetch
  if (installed in nodeFetch) return
  const fetch: typeof globalThis.fetch = (input, init) => nodeFetch(nodeRequestOf(input), init)
  globalThis.fetch = Object.assign(fetch, { [installed]: true })
}

function nodeRequestOf<Input>(input: Input): Input | Request {
  const isLazy = typeof input === 'object' && input !== null && '_request' in input
  return isLazy && input._request instanceof Request ? input._request : input
}
