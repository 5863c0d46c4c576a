/**
 * `headers`, `headersDistinct`, `trailers` and `trailersDistinct` of a request that no parser made. They follow the rules that
 * Node documents for `message.headers`. Every framework reads `headers`, so they are made at once. The others are derived
 * from the raw fields when they are first read.
 */
import type { IncomingMessage } from 'node:http'

type Joined = Record<string, string | string[]>

/** Fields of which Node keeps only the first. */
const single: ReadonlySet<string> = new Set([
  'age',
  'authorization',
  'content-length',
  'content-type',
  'etag',
  'expires',
  'from',
  'host',
  'if-modified-since',
  'if-unmodified-since',
  'last-modified',
  'location',
  'max-forwards',
  'proxy-authorization',
  'referer',
  'retry-after',
  'server',
  'user-agent',
])

/** Properties for one request object. Frameworks replace the prototype, so a class cannot provide them. */
export const lazyFields: PropertyDescriptorMap = {
  headersDistinct: lazy('headersDistinct', req => distinct(req.rawHeaders)),
  trailers: lazy('trailers', req => joined(req.rawTrailers)),
  trailersDistinct: lazy('trailersDistinct', req => distinct(req.rawTrailers)),
}

function lazy(name: string, compute: (req: IncomingMessage) => unknown): PropertyDescriptor {
  const keep = (req: IncomingMessage, value: unknown): void => {
    Object.defineProperty(req, name, { value, configurable: true, enumerable: true, writable: true })
  }
  return {
    configurable: true,
    enumerable: true,
    get(this: IncomingMessage) {
      const value = compute(this)
      // Trailers are not known before the end.
      if (this.complete || name === 'headersDistinct') keep(this, value)
      return value
    },
    set(this: IncomingMessage, value: unknown) {
      keep(this, value)
    },
  }
}

/** Joins fields as Node's `headers` does. */
export function joined(raw: readonly string[]): Joined {
  const fields: Joined = {}
  for (let index = 0; index < raw.length; index += 2) {
    const name = (raw[index] ?? '').toLowerCase()
    const value = raw[index + 1] ?? ''
    // A field may have the name of a property that every object inherits.
    const before = Object.hasOwn(fields, name) ? fields[name] : undefined
    if (name === 'set-cookie') fields[name] = Array.isArray(before) ? [...before, value] : [value]
    else if (before === undefined || Array.isArray(before)) fields[name] = value
    else if (!single.has(name)) fields[name] = `${before}${name === 'cookie' ? '; ' : ', '}${value}`
  }
  return fields
}

function distinct(raw: readonly string[]): Readonly<Record<string, string[]>> {
  const fields: Record<string, string[]> = Object.create(null)
  for (let index = 0; index < raw.length; index += 2) {
    const name = (raw[index] ?? '').toLowerCase()
    fields[name] = [...(fields[name] ?? []), raw[index + 1] ?? '']
  }
  return fields
}
