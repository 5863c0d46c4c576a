import { inspect } from 'node:util'

const maxShown = 80

/**
 * A value and its type, for a message that quotes what was given: `` `-1` (number) ``, `` `{ a: 1 }` (object) ``, `a function`.
 * Long values are cut after 80 characters. Runs no code of the value, and never throws.
 */
export function describeValue(value: unknown): string {
  if (value === undefined || value === null) return `\`${value}\``
  if (typeof value === 'function') return 'a function'
  const type = Array.isArray(value) ? 'array' : typeof value
  return `\`${shorten(textOf(value))}\` (${type})`
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, maxShown))
  if (typeof value !== 'object') return String(value)
  return inspect(value, {
    depth: 1,
    compact: true,
    breakLength: Number.POSITIVE_INFINITY,
    maxArrayLength: 10,
    maxStringLength: maxShown,
    customInspect: false,
  })
}

function shorten(text: string): string {
  return text.length <= maxShown ? text : `${text.slice(0, maxShown)}…`
}
