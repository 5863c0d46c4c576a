/** One request that has ended, as recorded by the access log. */
import type { RequestHead, RequestOutcome, ResponseSummary } from '../contract/request.js'

export interface AccessEntry {
  readonly head: RequestHead
  readonly outcome: RequestOutcome | LostOutcome
  readonly durationMs: number
  /** When the request ended. Milliseconds since 1970. */
  readonly at: number
}

/** The worker process died. `reason`: the kind of its end. */
type LostOutcome = { readonly type: 'lost'; readonly reason: string } & ResponseSummary

/** What is the same in every line from a worker. */
export interface AccessWorker {
  readonly group: string
  readonly age: number
  readonly generation: number
  readonly pid: number
  readonly env: Readonly<Record<string, string | undefined>>
  /** Header fields of the request, in lower case, for the format `json`. @default [] */
  readonly fields?: readonly string[]
}

/** The status that stands for a request that ended without a response head, here as in nginx. */
const noAnswer = 499

/** Absent where nobody knows it: the connection was handed over to the app, which answered by itself. */
export function statusOf({ type, status }: AccessEntry['outcome']): number | undefined {
  return status ?? (type === 'aborted' || type === 'lost' ? noAnswer : undefined)
}

/** The name in an `Authorization: Basic` header, never the password. */
export function userOf(head: RequestHead): string | undefined {
  const field = head.header?.('authorization')
  if (field === undefined) return undefined
  const [, credentials] = /^basic +([\w+/-]+=*) *$/i.exec(field) ?? []
  if (credentials === undefined) return undefined
  const [name] = Buffer.from(credentials, 'base64').toString('utf8').split(':', 1)
  return name
}
