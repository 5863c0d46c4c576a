/** One line of the HTTP policy: bytes in, exact outcome out. */

/** Settings that a row is played under: see `subject.ts`. */
export type Setup = 'usual' | 'limited' | 'patient' | 'proxied' | 'prefixed' | 'crowded'

export interface Row {
  /** What is sent, in words. */
  readonly given: string
  /** Latin-1. */
  readonly sends: string
  /** Statuses of all answers in their order, also 1xx. A text beside one is its body. */
  readonly answers: readonly (number | readonly [status: number, body: string])[]
  /** What becomes of the connection then. `kept`: it serves another request; `cut`: it ends in the middle of an answer. */
  readonly connection: 'closed' | 'kept' | 'cut'
  /** Requests that the app was called for: method, target, and the body, when there is one. @default none */
  readonly sees?: readonly string[]
  /** @default 'usual' */
  readonly setup?: Setup
  /** The client ends its side when it has sent everything. */
  readonly ends?: boolean
  /** In pieces, what is behind the first request may come after its response, and is then a request like any other. */
  readonly isWhole?: boolean
  /** App kinds that can express it. @default all */
  readonly kinds?: readonly ('node' | 'fetch' | 'asgi')[]
  /** What another worker class does instead, by the name of the class. */
  readonly but?: Readonly<Record<string, Partial<Pick<Row, 'answers' | 'connection' | 'sees'>>>>
  /** What the log must say. */
  readonly logs?: RegExp
}

/** A request with CRLF between its lines and an empty line behind. */
export function request(line: string, ...fields: readonly string[]): string {
  return `${[line, ...fields].join('\r\n')}\r\n\r\n`
}

/** A good GET request. */
export function get(target: string, ...fields: readonly string[]): string {
  return request(`GET ${target} HTTP/1.1`, 'Host: h', ...fields)
}
