/** Parses what came from a worker process into a typed value, or refuses it. Worker processes run app code, so nothing is trusted. */
import * as v from 'valibot'
import type { AskedAddress } from '../contract/adoption.js'
import { gaugeName, maxGauges } from '../contract/gauges.js'
import { refusalReasons } from '../contract/refusal-reason.js'
import { errorCodes } from '../errors.js'
import type { GuardsOf, MembersOf } from './guards-of.js'
import {
  type FromHost,
  type HeartbeatSample,
  type InspectorReport,
  maxNamed,
  type RequestInFlight,
  type StackReport,
  type WorkerLogRecord,
} from './messages.js'
import { latencyBoundsMs, type RequestFigures, requestCodes } from './request-figures.js'

const text = v.pipe(
  v.string(),
  v.transform(value => value.slice(0, 2_000)),
)
const gauge = v.pipe(v.number(), v.finite())
const count = v.pipe(gauge, v.minValue(0))
const request = v.object({
  method: text,
  target: text,
  ms: count,
  id: v.exactOptional(text),
} satisfies MembersOf<RequestInFlight>)
const ended = v.object({
  codes: v.pipe(v.array(count), v.length(requestCodes.length)),
  latency: v.pipe(v.array(count), v.length(latencyBoundsMs.length + 1)),
  latencySumMs: count,
  refused: v.pipe(v.array(count), v.length(refusalReasons.length)),
} satisfies MembersOf<RequestFigures>)
const sample = v.object({
  rss: v.optional(count),
  inFlight: count,
  requests: count,
  connections: v.optional(count),
  load: v.optional(count),
  gauges: v.optional(
    v.pipe(v.record(v.pipe(v.string(), v.regex(gaugeName)), gauge), v.maxEntries(maxGauges)),
  ),
  eventLoopUtilization: count,
  eventLoopDelayP99Ms: count,
  ended: v.optional(ended),
  longest: v.pipe(v.array(request), v.maxLength(maxNamed)),
} satisfies MembersOf<HeartbeatSample>)
const asked = v.object({
  host: v.optional(text),
  port: v.pipe(count, v.integer(), v.minValue(1), v.maxValue(65_535)),
} satisfies MembersOf<AskedAddress>)
const inspector = v.object({
  url: v.optional(text),
  isAppElsewhere: v.boolean(),
  requestsLeft: v.optional(count),
} satisfies MembersOf<InspectorReport>)
const code = v.picklist(Object.keys(errorCodes) as (keyof typeof errorCodes)[])

const guards = {
  // First, because they are tried in turn, and nearly every message is one of these.
  heartbeat: v.object({ type: v.literal('heartbeat'), sample }),
  'awaiting-ready': v.object({ type: v.literal('awaiting-ready') }),
  broadcast: v.object({
    type: v.literal('broadcast'),
    items: v.array(v.string()),
    group: v.optional(v.string()),
  }),
  booted: v.object({ type: v.literal('booted') }),
  serving: v.object({ type: v.literal('serving') }),
  'ask-address': v.object({ type: v.literal('ask-address'), asked: v.optional(asked) }),
  retire: v.object({ type: v.literal('retire'), reason: text }),
  leaving: v.object({ type: v.literal('leaving'), reason: text, ended }),
  examined: v.object({ type: v.literal('examined'), file: v.string(), problem: v.optional(text) }),
  inspected: v.object({
    type: v.literal('inspected'),
    inspector: v.optional(inspector),
    problem: v.optional(text),
  }),
  drained: v.object({ type: v.literal('drained'), ended }),
  'boot-failed': v.object({ type: v.literal('boot-failed'), code, message: v.string() }),
} satisfies GuardsOf<FromHost>
const fromHost = v.variant('type', Object.values(guards))

const stack = v.object({
  state: v.picklist(['running', 'waiting', 'native', 'paused']),
  stack: v.string(),
  requests: v.pipe(v.array(request), v.maxLength(maxNamed)),
} satisfies MembersOf<StackReport>)
const logRecord = v.object({
  level: v.picklist(['debug', 'info', 'warn', 'error']),
  message: v.string(),
  fields: v.exactOptional(v.record(v.string(), v.unknown())),
  isShared: v.exactOptional(v.boolean()),
  paused: v.exactOptional(v.literal(true)),
  stack: v.exactOptional(stack),
  blocked: v.exactOptional(v.pipe(v.array(request), v.maxLength(maxNamed))),
} satisfies MembersOf<WorkerLogRecord>)

/** A message of a host, or `undefined` when it is not one. */
export function parseFromHost(message: unknown): FromHost | undefined {
  const result = v.safeParse(fromHost, message)
  return result.success ? result.output : undefined
}

/** A line of a worker's diagnostics pipe, or `undefined` when it is not one. */
export function parseLogRecord(line: string): WorkerLogRecord | undefined {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return undefined
  }
  const result = v.safeParse(logRecord, value)
  return result.success ? result.output : undefined
}
