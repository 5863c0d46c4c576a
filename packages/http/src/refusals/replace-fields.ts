/**
 * Removes fields from a request. Node makes `trailers` and the like when they are first read. It reads as many raw fields as
 * have arrived, and throws if there are fewer. So they are made before any are removed.
 */
import type { IncomingMessage } from 'node:http'

/** Removes the header fields whose names are not kept. */
export function keepHeaders(req: IncomingMessage, isKept: (name: string) => boolean): void {
  for (const fields of [req.headers, req.headersDistinct]) keepNames(fields, isKept)
  req.rawHeaders = keepRaw(req.rawHeaders, isKept)
}

/** The same for trailers, once all of them have arrived. */
export function keepTrailers(req: IncomingMessage, isKept: (name: string) => boolean): void {
  for (const fields of [req.trailers, req.trailersDistinct]) keepNames(fields, isKept)
  req.rawTrailers = keepRaw(req.rawTrailers, isKept)
}

function keepNames(fields: object, isKept: (name: string) => boolean): void {
  for (const name of Object.keys(fields)) if (!isKept(name)) Reflect.deleteProperty(fields, name)
}

function keepRaw(raw: readonly string[], isKept: (name: string) => boolean): string[] {
  return raw.filter((_, index) => isKept(raw[index - (index % 2)] ?? ''))
}
