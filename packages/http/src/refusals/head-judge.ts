/** Decides by its head whether a request is refused. Nothing is parsed here: Node has done that, but more leniently. */
import type { IncomingMessage } from 'node:http'
import { isOfStream } from '../http2/stream-socket.js'
import { isHost } from './host.js'
import type { Refusal } from './refusal.js'
import type { RequestLimits } from './request-limits.js'

/** What the decision is based on. */
export type HeadParts = Pick<
  IncomingMessage,
  'method' | 'url' | 'rawHeaders' | 'httpVersionMajor' | 'httpVersionMinor'
> &
  Partial<Pick<IncomingMessage, 'complete' | 'socket'>>

/** Two spaces and `HTTP/1.1`. */
const lineOverhead = 10
const slash = 47

const refusals = {
  version: { status: 505, reason: 'version' },
  target: { status: 400, reason: 'target' },
  host: { status: 400, reason: 'host' },
  badCoding: { status: 400, reason: 'transfer_encoding' },
  unknownCoding: { status: 501, reason: 'transfer_encoding' },
  contentType: { status: 400, reason: 'content_type' },
  fieldName: { status: 400, reason: 'field_name' },
  line: { status: 414, reason: 'request_line', limit: 'limitRequestLine' },
  fields: { status: 431, reason: 'fields', limit: 'limitRequestFields' },
  fieldSize: { status: 431, reason: 'fields', limit: 'limitRequestFieldSize' },
  upgrade: { status: 501, reason: 'upgrade' },
  body: { status: 413, reason: 'body', limit: 'limitRequestBody' },
} as const satisfies Record<string, Refusal>

/** The decision about a head. */
export interface Verdict {
  /** The request goes no further. */
  readonly refusal?: Refusal
  /** The length of the body is known only once it has arrived. */
  readonly isChunked: boolean
  readonly offersUpgrade: boolean
  /** Fields whose names have an underscore are not passed to the app. */
  readonly dropsFields: boolean
}

/** The verdict on most requests; no object is made for them. */
const ordinary: Verdict = Object.freeze({ isChunked: false, offersUpgrade: false, dropsFields: false })

export class HeadJudge {
  readonly #limits: RequestLimits
  /** The last host found valid: nearly all requests have the same. */
  #knownHost: string | undefined

  constructor(limits: RequestLimits) {
    this.#limits = limits
  }

  /** A single pass over the fields, because every request pays for it. */
  judge(req: HeadParts): Verdict {
    const { method = '', url = '', rawHeaders } = req
    const { limitRequestLine, limitRequestFields } = this.#limits
    const isStream = req.httpVersionMajor === 2 && isOfStream(req)
    if (!isStream && (req.httpVersionMajor !== 1 || req.httpVersionMinor > 1))
      return refused(refusals.version)
    const isLong = limitRequestLine > 0 && method.length + url.length + lineOverhead > limitRequestLine
    if (isLong) return refused(refusals.line)
    if (limitRequestFields > 0 && rawHeaders.length > limitRequestFields * 2) return refused(refusals.fields)
    if (url.charCodeAt(0) !== slash && !isTarget(url, method)) return refused(refusals.target)
    const verdict = this.#judgeFields(req)
    return isStream && verdict.refusal === undefined ? streamVerdict(req, verdict) : verdict
  }

  #judgeFields({ rawHeaders, httpVersionMinor }: HeadParts): Verdict {
    const { limitRequestFieldSize, limitRequestBody, headerMap } = this.#limits
    let host: string | undefined
    let contentType: string | undefined
    let coding: string | undefined
    let length: string | undefined
    let offersUpgrade = false
    let dropsFields = false
    for (let index = 0; index < rawHeaders.length; index += 2) {
      const name = rawHeaders[index] ?? ''
      const value = rawHeaders[index + 1] ?? ''
      // The name, `: ` and the value. Node reads heads as latin1, so the length of a string is its number of bytes.
      const bytes = name.length + 2 + value.length
      if (limitRequestFieldSize > 0 && bytes > limitRequestFieldSize) return refused(refusals.fieldSize)
      if (headerMap !== 'keep' && name.indexOf('_') !== -1) {
        if (headerMap === 'refuse') return refused(refusals.fieldName)
        dropsFields = true
      }
      // The length separates the few names that matter from most others.
      switch (name.length) {
        case 4:
          if (name.toLowerCase() !== 'host') break
          if (host !== undefined) return refused(refusals.host)
          host = value
          break
        case 7:
          if (name.toLowerCase() === 'upgrade') offersUpgrade = true
          break
        case 12:
          if (name.toLowerCase() !== 'content-type') break
          if (contentType !== undefined && contentType !== value) return refused(refusals.contentType)
          contentType = value
          break
        case 14:
          if (name.toLowerCase() === 'content-length') length = value
          break
        case 17:
          if (name.toLowerCase() !== 'transfer-encoding') break
          coding = coding === undefined ? value : `${coding}, ${value}`
          break
      }
    }
    if (host === undefined ? httpVersionMinor > 0 : !this.#isHost(host)) return refused(refusals.host)
    const hasTwoLengths = coding !== undefined && (length !== undefined || httpVersionMinor === 0)
    const refusal = coding === undefined ? undefined : codingRefusal(coding, hasTwoLengths)
    if (refusal !== undefined) return refused(refusal)
    const isLarge = limitRequestBody > 0 && Number(length ?? 0) > limitRequestBody
    if (isLarge) return refused(refusals.body)
    return coding === undefined && !offersUpgrade && !dropsFields
      ? ordinary
      : { isChunked: coding !== undefined, offersUpgrade, dropsFields }
  }

  #isHost(host: string): boolean {
    if (host === this.#knownHost) return true
    if (!isHost(host)) return false
    this.#knownHost = host
    return true
  }
}

/** The body has no length that it must match, and no request may take its connection over (RFC 8441 is not supported). */
function streamVerdict({ complete, method }: HeadParts, verdict: Verdict): Verdict {
  if (method === 'CONNECT') return refused(refusals.upgrade)
  return complete === true ? verdict : { ...verdict, isChunked: true }
}

function refused(refusal: Refusal): Verdict {
  return { ...ordinary, refusal }
}

/** Node decodes only a final `chunked`. Nothing here would undo any coding before that (RFC 9112, 6.1). */
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

/** Targets other than a path: `*` for OPTIONS, a host for CONNECT, and URLs (RFC 9112, 3.2). */
function isTarget(target: string, method: string): boolean {
  if (target === '*') return method === 'OPTIONS'
  if (method === 'CONNECT') return isHost(target)
  const authority = /^(?:https?|wss?):\/\/([^/?#]*)/i.exec(target)?.[1]
  return authority !== undefined && isHost(authority) && URL.canParse(target)
}
