/** Options of the worker class, as users give them in `workerOptions` or with `--worker-option`. */
import type { StandardSchemaV1 } from '@tunicorn/arbiter/worker'
import * as v from 'valibot'

/** Durations are in seconds. */
export interface AsgiOptions {
  /** Where the app is mounted: `scope.rootPath`, with which `path` and `rawPath` begin. @default '' */
  readonly rootPath: string
  /** `auto`: an app that does not answer start-up runs without a lifespan. @default 'auto' */
  readonly lifespan: 'auto' | 'on' | 'off'
  /** Seconds; 0 = no limit of its own. @default 60 */
  readonly lifespanStartupTimeout: number
  /** Seconds; 0 = no limit of its own. The graceful timeout ends it in any case. @default 30 */
  readonly lifespanShutdownTimeout: number
  /** `false`: WebSocket handshakes reach the app as plain requests. @default true */
  readonly websocket: boolean
  /** Bytes of a WebSocket message. A larger one ends with 1009. @default 16777216 */
  readonly wsMaxSize: number
  /** Seconds between pings; 0 = none. @default 20 */
  readonly wsPingInterval: number
  /** Seconds that a pong may take. A later one ends with 1011. 0 = no limit. @default 20 */
  readonly wsPingTimeout: number
  /** @default false */
  readonly wsPerMessageDeflate: boolean
  /** @default true */
  readonly dateHeader: boolean
  /** `Server: tunicorn`. @default false */
  readonly serverHeader: boolean
  /** Added to every response. @default [] */
  readonly headers: readonly (readonly [name: string, value: string])[]
}

const seconds = v.pipe(v.number(), v.finite(), v.minValue(0))
const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const name = v.pipe(v.string(), v.regex(/^[\w!#$%&'*+.^`|~-]+$/, 'expected the name of a header field'))
const value = v.pipe(
  v.string(),
  v.regex(/^[\t\x20-\x7e\x80-\xff]*$/, 'expected Latin-1 text without control characters'),
)

const entries = {
  rootPath: v.optional(
    v.pipe(v.string(), v.regex(/^(\/.*[^/])?$/, 'expected "" or "/path" without a final "/"')),
    '',
  ),
  lifespan: v.optional(v.picklist(['auto', 'on', 'off']), 'auto'),
  lifespanStartupTimeout: v.optional(seconds, 60),
  lifespanShutdownTimeout: v.optional(seconds, 30),
  websocket: v.optional(v.boolean(), true),
  wsMaxSize: v.optional(v.pipe(count, v.minValue(1)), 16_777_216),
  wsPingInterval: v.optional(seconds, 20),
  wsPingTimeout: v.optional(seconds, 20),
  wsPerMessageDeflate: v.optional(v.boolean(), false),
  dateHeader: v.optional(v.boolean(), true),
  serverHeader: v.optional(v.boolean(), false),
  headers: v.optional(v.array(v.tuple([name, value])), []),
}

/** For a wrong name, the library's own message would speak of types. */
const sayNoSuchOption = (issue: v.StrictObjectIssue): string =>
  issue.expected === 'never'
    ? `there is no such option: the options of the worker class are ${Object.keys(entries).join(', ')}`
    : issue.message

/** Validates options and fills in the defaults. */
export const optionsSchema: StandardSchemaV1<unknown, AsgiOptions> = v.strictObject(entries, sayNoSuchOption)
