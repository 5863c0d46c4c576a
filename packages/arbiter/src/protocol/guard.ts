/** Turns what came from a worker process into a typed value, or refuses it. Worker processes run app code: trust nothing. */
import * as v from 'valibot'
import { errorCodes } from '../errors.js'
import { type FromHost, mostHandles, type WorkerLogRecord } from './messages.js'
import { latencyBoundsMs, requestCodes } from './request-figures.js'

const text = v.pipe(
  v.string(),
  v.transform(value => value.slice(0, 2_000)),
)
const count = v.pipe(v.number(), v.finite(), v.minValue(0))
const request = v.object({ method: text, target: text, ms: count })
const ended = v.object({
  codes: v.pipe(v.array(count), v.length(requestCodes.length)),
  latency: v.pipe(v.array(count), v.length(latencyBoundsMs.length + 1)),
  latencySumMs: count,
})
const sample = v.object({
  rss: v.optional(count),
  inFlight: count,
  requests: count,
  connections: v.optional(count),
  eventLoopUtilization: count,
  eventLoopDelayP99Ms: count,
  ended,
  longest: v.pipe(v.array(request), v.maxLength(10)),
})
const code = v.picklist(Object.keys(errorCodes) as (keyof typeof errorCodes)[])

const fromHost = v.variant('type', [
  v.object({ type: v.literal('booted') }),
  v.object({ type: v.literal('serving') }),
  v.object({ type: v.literal('heartbeat'), sample }),
  v.object({
    type: v.literal('listener'),
    index: v.pipe(count, v.integer()),
    count: v.pipe(count, v.integer(), v.maxValue(mostHandles)),
  }),
  v.object({ type: v.literal('retire'), reason: text }),
  v.object({ type: v.literal('leaving'), reason: text, ended }),
  v.object({ type: v.literal('drained'), ended }),
  v.object({ type: v.literal('boot-failed'), code, message: v.string() }),
])

const logRecord = v.object({
  level: v.picklist(['debug', 'info', 'warn', 'error']),
  message: v.string(),
  fields: v.optional(v.record(v.string(), v.unknown())),
})

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
  if (!result.success) return undefined
  const { level, message, fields } = result.output
  return fields === undefined ? { level, message } : { level, message, fields }
}
