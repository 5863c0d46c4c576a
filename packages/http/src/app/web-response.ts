/** The `Response` of this process: srvx's, which can be made from another one as the standard says. */
import { FastResponse } from 'srvx/node'

type Arguments = ConstructorParameters<typeof Response>

/** srvx's own knows the type of a text only when it is sent, and `new Response(null, other)` would be without. */
export class WebResponse extends FastResponse {
  /** Responses of Node's make are `Response`s too. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof FastResponse
  }

  constructor(body?: Arguments[0], init?: Arguments[1]) {
    super(body, init !== undefined && '_response' in init ? partsOf(init) : init)
  }
}

/** `_response` is Node's own, whose headers are whole. */
function partsOf(init: object): Arguments[1] {
  // Responses of srvx's make alone have it.
  const { status, statusText, headers } = Reflect.get(init, '_response') as Response
  // As srvx writes it with a body.
  if (headers.get('content-type') === 'text/plain;charset=UTF-8')
    headers.set('content-type', 'text/plain; charset=UTF-8')
  return { status, statusText, headers }
}
