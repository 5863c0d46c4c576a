/** The access log as JSON, one object per line. Unknown values are left out. */
import type { RequestHead } from '../contract/request.js'
import { traceIdOf } from '../contract/trace-id.js'
import { type AccessEntry, type AccessWorker, statusOf, userOf } from './access-entry.js'
import { type Atom, joined, LinePart, type Value } from './line-part.js'

/** Returns the writer of one worker's lines. */
export function jsonLine({
  group,
  age,
  generation,
  pid,
  fields = [],
}: AccessWorker): (entry: AccessEntry) => string {
  const worker = escapeJson({ group, worker: age, gen: generation, pid }).slice(1, -1)
  const parts = [
    new LinePart(
      ({ at }) => Math.floor(at / 1_000),
      second => `${utc(second)}.`,
    ),
    new LinePart(
      ({ at }) => Math.floor(at % 1_000),
      ms => `${String(ms).padStart(3, '0')}Z",${worker}`,
    ),
    field('remoteAddress', ({ head }) => head.remoteAddress),
    field('user', ({ head }) => userOf(head)),
    field('method', ({ head }) => head.method),
    field('target', ({ head }) => head.target),
    field('protocol', ({ head }) => head.protocol),
    field('status', ({ outcome }) => statusOf(outcome)),
    field('outcome', ({ outcome }) => outcome.type),
    field('reason', ({ outcome }) => (outcome.type === 'lost' ? outcome.reason : undefined)),
    field('bytes', ({ outcome }) => outcome.bytes),
    field('ms', ({ durationMs }) => Math.round(durationMs * 1_000) / 1_000),
    field('referer', ({ head }) => head.header?.('referer')),
    field('userAgent', ({ head }) => head.header?.('user-agent')),
    field('requestId', ({ head }) => head.id),
    field('trace_id', ({ head }) => traceIdOf(head)),
    ...(fields.length === 0 ? [] : [new LinePart(({ head }) => headersOf(head, fields), String)]),
  ]
  return entry => `${joined('{"time":"', parts, entry)}}`
}

function field(name: string, atom: Atom): LinePart {
  return new LinePart(atom, value => (value === undefined ? '' : `,"${name}":${escapeJson(value)}`))
}

/** An object of those fields that the request has, or nothing if it has none. */
function headersOf(head: RequestHead, fields: readonly string[]): string {
  const found = fields.flatMap(name => {
    const value = head.header?.(name)
    return value === undefined ? [] : [[name, value] as const]
  })
  return found.length === 0 ? '' : `,"headers":${escapeJson(Object.fromEntries(found))}`
}

/** `2026-11-22T15:10:25`. */
function utc(second: Value): string {
  return new Date(Number(second) * 1_000).toISOString().slice(0, -'.000Z'.length)
}

/** Characters that JSON does not escape, but that some readers treat as a line end or a terminal control. */
const loose = /[\x7f-\x9f\u2028\u2029]/gu

function escapeJson(value: unknown): string {
  return JSON.stringify(value).replace(
    loose,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
