/** What `send` rejects with. */

/** The app sent a wrong event, or one at the wrong time. A mistake in the app. */
export class AsgiProtocolError extends TypeError {
  override readonly name: string = 'AsgiProtocolError'
  readonly code = 'ERR_ASGI_PROTOCOL'
  /** What would have been right: types of events, or the type of a value. */
  readonly expected: readonly string[]
  /** What came instead. */
  readonly got: string

  /** `what`: of what it is said, or nothing, when events are what was expected. */
  constructor(what: string, expected: readonly string[], got: string) {
    super(`Expected ${what === '' ? '' : `${what} `}${expected.join(' or ')}, got ${got}`)
    this.expected = expected
    this.got = got
  }
}

/** The client has left. An app need not catch it: it is never logged as a failure of the app. */
export class ClientDisconnectedError extends Error {
  override readonly name: string = 'ClientDisconnectedError'
  readonly code = 'ERR_ASGI_DISCONNECTED'

  constructor() {
    super('The client has left')
  }
}
