/** Decides by its head whether a request is refused. Nothing is parsed here: Node has done that, and more leniently. */
import type { IncomingMessage } from 'node:http'
import { isHost } from './host.js'
import type { Refusal } from './refusal.js'
import { type FieldLimits, isLarge, type RequestLimits } from './request-limits.js'

/** What a refusal is decided by. */
export type HeadParts = Pick<
  IncomingMessage,
  'method' | 'url' | 'rawHeaders' | 'httpVersionMajor' | 'httpVersionMinor'
>

/** Two spaces and `HTTP/1.1`. */
const lineOverhead = 10

const refusals = {
  version: { status: 505, reason: 'version' },
  target: { status: 400, reason: 'target' },
  host: { status: 400, reason: 'host' },
  badCoding: { status: 400, reason: 'transfer_encoding' },
  unknownCoding: { status: 501, reason: 'transfer_encoding' },
  contentType: { status: 400, reason: 'content_type' },
  line: { status: 414, reason: 'request_line', limit: 'limitRequestLine' },
  fields: { status: 431, reason: 'fields', limit: 'limitRequestFields' },
  fieldSize: { status: 431, reason: 'fields', limit: 'limitRequestFieldSize' },
  body: { status: 413, reason: 'body', limit: 'limitRequestBody' },
} as const satisfies Record<string, Refusal>

/** The refusal of a request, or `undefined` when it may go on. One pass over the fields: every request pays for it. */
export function requestRefusal(req: HeadParts, limits: RequestLimits): Refusal | undefined {
  const { method = '', url = '', rawHeaders } = req
  if (req.httpVersionMajor !== 1 || req.httpVersionMinor > 1) return refusals.version
  const { limitRequestLine, limitRequestFields } = limits
  if (limitRequestLine > 0 && method.length + url.length + lineOverhead > limitRequestLine)
    return refusals.line
  if (limitRequestFields > 0 && rawHeaders.length > limitRequestFields * 2) return refusals.fields
  if (url.charCodeAt(0) !== slash && !isTarget(url, method)) return refusals.target
  return fieldsRefusal(req, limits)
}

const slash = 47

function fieldsRefusal(
  { rawHeaders, httpVersionMinor }: HeadParts,
  limits: FieldLimits,
): Refusal | undefined {
  let host: string | undefined
  let contentType: string | undefined
  let coding: string | undefined
  let length: string | undefined
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? ''
    const value = rawHeaders[index + 1] ?? ''
    if (isLarge(name, value, limits.limitRequestFieldSize)) return refusals.fieldSize
    // The length tells the few names that matter from most others.
    switch (name.length) {
      case 4:
        if (name.toLowerCase() !== 'host') break
        if (host !== undefined) return refusals.host
        host = value
        break
      case 12:
        if (name.toLowerCase() !== 'content-type') break
        if (contentType !== undefined && contentType !== value) return refusals.contentType
        contentType = value
        break
      case 14:
        if (name.toLowerCase() === 'content-length') length = value
        break
      case 17:
        if (name.toLowerCase() === 'transfer-encoding')
          coding = coding === undefined ? value : `${coding}, ${value}`
        break
    }
  }
  if (host === undefined ? httpVersionMinor > 0 : !isHost(host)) return refusals.host
  if (coding !== undefined) return codingRefusal(coding, length !== undefined || httpVersionMinor === 0)
  if (limits.limitRequestBody > 0 && Number(length ?? 0) > limits.limitRequestBody) return refusals.body
  return undefined
}

/** Node decodes what ends in `chunked`; what it was before that nobody here would undo (RFC 9112, 6.1). */
function codingRefusal(coding: string, isForbidden: boolean): Refusal | undefined {
  if (isForbidden) return refusals.badCoding
  const codings = coding
    .toLowerCase()
    .split(',')
    .map(part => part.trim())
  if (codings.length === 1 && codings[0] === 'chunked') return undefined
  return codings.at(-1) === 'chunked' && codings.indexOf('chunked') === codings.length - 1
    ? refusals.unknownCoding
    : refusals.badCoding
}

/** Of those that are no path: `*` for OPTIONS, a host for CONNECT, and URLs (RFC 9112, 3.2). */
function isTarget(target: string, method: string): boolean {
  if (target === '*') return method === 'OPTIONS'
  if (method === 'CONNECT') return isHost(target)
  const authority = /^(?:https?|wss?):\/\/([^/?#]*)/i.exec(target)?.[1]
  return authority !== undefined && isHost(authority) && URL.canParse(target)
}
