/** What `send` rejects with. */
import { describeType } from './describe-type.js'

/** The app sent a wrong event, or an event at the wrong time. This is a mistake in the app. */
export class AsgiProtocolError extends TypeError {
  override readonly name: string = 'AsgiProtocolError'
  readonly code = 'ERR_ASGI_PROTOCOL'
  /** What would have been correct: types of events, or the type of a value. */
  readonly expected: readonly string[]
  /** What was given instead. */
  readonly got: string

  /** `what`: the thing that the message is about. Absent for events. */
  constructor(what: string | undefined, expected: readonly string[], got: string) {
    super(`Expected ${what === undefined ? '' : `${what} `}${expected.join(' or ')}, got ${got}`)
    this.expected = expected
    this.got = got
  }

  /** For a value that is not an event, or an event at the wrong time. `expected`: the events that are allowed now. */
  static ofEvent(expected: readonly string[], event: unknown): AsgiProtocolError {
    return new AsgiProtocolError(undefined, expected, describeType(event))
  }
}

/** The client has left. An app need not catch this: it is never logged as a failure of the app. */
export class ClientDisconnectedError extends Error {
  override readonly name: string = 'ClientDisconnectedError'
  readonly code = 'ERR_ASGI_DISCONNECTED'

  constructor() {
    super('The client has left')
  }
}
