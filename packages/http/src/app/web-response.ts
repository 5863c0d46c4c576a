/** The `Response` of this process: srvx's, which this class also allows to be made from another one, as the standard says. */
import { FastResponse } from 'srvx/node'

type Arguments = ConstructorParameters<typeof Response>

/** srvx's own sets the type of a text only when it is sent, so `new Response(null, other)` would have none. */
export class WebResponse extends FastResponse {
  /** Node's own responses also count as `Response`s. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof FastResponse
  }

  constructor(body?: Arguments[0], init?: Arguments[1]) {
    super(body, init !== undefined && '_response' in init ? partsOf(init) : init)
  }
}

/** `_response` is Node's own response, whose headers are complete. */
function partsOf(init: object): Arguments[1] {
  // Only srvx's responses have it.
  const { status, statusText, headers } = Reflect.get(init, '_response') as Response
  // The form in which srvx writes it with a body.
  if (headers.get('content-type') === 'text/plain;charset=UTF-8')
    headers.set('content-type', 'text/plain; charset=UTF-8')
  return { status, statusText, headers }
}
