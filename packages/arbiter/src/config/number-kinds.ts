/** Kinds of numeric settings. */
import * as v from 'valibot'
import type { AutoscaleBounds } from './settings.js'
import { lastText, type ValueKind } from './value-kind.js'

/** Node's timers are limited to 2^31 - 1 ms. A longer one would fire at once. */
const maxSeconds = 2_147_483

/** Seconds, fractions allowed. */
export const seconds: ValueKind<number> = {
  schema: v.pipe(v.number(), v.minValue(0), v.maxValue(maxSeconds)),
  expected: `a number of seconds from 0 to ${maxSeconds}`,
  parse: texts => numberOrText(lastText(texts)),
}

/** Seconds after which a handshake is aborted. It cannot be off: a client that stops in a handshake occupies a connection. */
export const handshakeSeconds: ValueKind<number> = {
  schema: v.pipe(v.number(), v.minValue(0.1), v.maxValue(3600)),
  expected: 'a number of seconds from 0.1 to 3600',
  parse: seconds.parse,
}

/** A part of a whole. */
export const share: ValueKind<number> = {
  schema: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
  expected: 'a share from 0 to 1, such as 0.05 for 5 %',
  parse: texts => numberOrText(lastText(texts)),
}

/** A count that may be zero. */
export const count: ValueKind<number> = {
  schema: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  expected: 'a whole number, 0 or more',
  parse: texts => numberOrText(lastText(texts)),
}

/** A count that the kernel holds in 32 bits. */
export const positiveCount: ValueKind<number> = {
  schema: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(2 ** 31 - 1)),
  expected: 'a positive integer',
  parse: texts => numberOrText(lastText(texts)),
}

/** Number of workers. */
export const workerCount: ValueKind<number | 'auto'> = {
  schema: v.union([v.pipe(v.number(), v.safeInteger(), v.minValue(1)), v.literal('auto')]),
  expected: 'a positive integer or "auto"',
  parse: texts => numberOrText(lastText(texts)),
}

const boundsPattern = /^(\d+|auto)-(\d+|auto)$/
const bounds = v.pipe(
  v.strictObject({ min: workerCount.schema, max: workerCount.schema }),
  v.check(({ min, max }) => min === 'auto' || max === 'auto' || min <= max, '`min` is above `max`'),
)

/** The minimum and the maximum number of workers. */
export const workerBounds: ValueKind<AutoscaleBounds | 'off'> = {
  schema: v.lazy(given =>
    typeof given === 'object'
      ? bounds
      : v.union([
          v.literal('off'),
          v.pipe(v.string(), v.regex(boundsPattern), v.transform(boundsOf), bounds),
        ]),
  ),
  expected: '{ min, max } ("MIN-MAX" on the command line), each a positive integer or "auto", or "off"',
  parse: lastText,
}

function boundsOf(text: string): Readonly<Record<'min' | 'max', unknown>> {
  const [min = '', max = ''] = text.split('-').map(numberOrText)
  return { min, max }
}

const sizePattern = /^(\d+(?:\.\d+)?)\s*(b|kb|mb|gb)?$/i
const sizeUnits: ReadonlyMap<string, number> = new Map([
  ['b', 1],
  ['kb', 1024],
  ['mb', 1024 ** 2],
  ['gb', 1024 ** 3],
])

/** A number of bytes, or a text such as `512mb`. */
export const bytes: ValueKind<number> = {
  schema: v.pipe(
    v.union([v.number(), v.pipe(v.string(), v.regex(sizePattern), v.transform(bytesOf))]),
    v.safeInteger(),
    v.minValue(0),
  ),
  expected: 'a number of bytes, 0 or more, or a size such as "512mb"',
  parse: texts => numberOrText(lastText(texts)),
}

const least = 1024 ** 2

/** A memory limit, or 0 for none. A number too small for any process is probably meant in megabytes, and is refused. */
export const memory: ValueKind<number> = {
  schema: v.pipe(
    bytes.schema,
    v.custom<number>(value => value === 0 || Number(value) >= least),
  ),
  expected: '0, or a size of at least "1mb" such as "512mb"',
  parse: bytes.parse,
}

/** A file mode creation mask. Text is octal, as for the command `umask`. */
export const mask: ValueKind<number> = {
  schema: v.pipe(v.number(), v.integer(), v.minValue(-1), v.maxValue(0o777)),
  expected: 'a mask from 0 to 0o777, or -1 for the inherited one',
  parse: texts => {
    const text = lastText(texts)
    if (text === '-1') return -1
    // Otherwise `8` and `0o10` would be read as numbers.
    return /^(0o)?[0-7]+$/.test(text) ? Number.parseInt(text.replace('0o', ''), 8) : text
  },
}

/** The mode of a file. Text is octal, as for the command `chmod`. */
export const mode: ValueKind<number> = {
  schema: v.union([
    v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0o777)),
    v.pipe(
      v.string(),
      v.regex(/^(0o?)?[0-7]{3}$/),
      v.transform(text => Number.parseInt(text.replace('0o', ''), 8)),
    ),
  ]),
  expected: 'a mode from 0 to 0o777, or its octal digits as text such as "0660"',
  parse: lastText,
}

/** Formats a mode or a mask. */
export function showOctal(value: unknown): string {
  return Number(value) < 0 ? String(value) : `0o${Number(value).toString(8).padStart(3, '0')}`
}

function numberOrText(text: string): number | string {
  return /^[+-]?(\d+(\.\d*)?|\.\d+)$/.test(text.trim()) ? Number(text) : text
}

function bytesOf(text: string): number {
  const match = sizePattern.exec(text)
  const unit = sizeUnits.get((match?.[2] ?? 'b').toLowerCase()) ?? 1
  return Math.round(Number(match?.[1]) * unit)
}
