/** The building blocks of the arbiter's HTTP interfaces: routes, calls, and answers. */
import type { ServerResponse } from 'node:http'
import { TunicornError } from '../errors.js'

/** One thing that can be asked for. */
export interface Route {
  /** `GET` also answers `HEAD`. */
  readonly method: 'GET' | 'POST'
  /** Exact, for example `/status`. */
  readonly path: string
  /** What it throws becomes an error answer; see `errorAnswer`. */
  handle(call: Call): Answer | Promise<Answer>
}

/** A request that was read within its limits. */
export interface Call {
  readonly query: URLSearchParams
  /** The JSON of the body; undefined without one. Not validated. */
  readonly body: unknown
  /** Aborts when the client is gone. */
  readonly signal: AbortSignal
}

export type Answer = TextAnswer | StreamAnswer

export interface TextAnswer {
  readonly type: 'text'
  readonly status: number
  readonly contentType: string
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
}

/** The route writes and ends the response itself. */
interface StreamAnswer {
  readonly type: 'stream'
  start(response: ServerResponse): void
}

export function json(status: number, value: unknown): TextAnswer {
  return jsonText(status, JSON.stringify(value))
}

/** An answer with JSON that is already text. */
export function jsonText(status: number, text: string): TextAnswer {
  return { type: 'text', status, contentType: 'application/json', body: `${text}\n` }
}

/** An error that carries its own HTTP status. */
export class Refusal extends TunicornError {
  override readonly name: string = 'Refusal'
  readonly status: number
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super('CONTROL_BAD_REQUEST', message)
    this.status = status
    this.headers = headers
  }
}
