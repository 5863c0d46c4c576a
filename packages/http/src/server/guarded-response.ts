/**
 * Responses whose framing an app cannot get wrong, whatever it says. With wrong framing, a client that keeps its connection
 * would read a part of one response as the next. These responses also record what an access log needs.
 */
// The global of the same name is a getter, and this is on the path of every request.
import { Buffer } from 'node:buffer'
import { type IncomingMessage, ServerResponse } from 'node:http'
import type { OutcomeDetails, RequestOutcome } from '@tunicorn/arbiter/worker'
import { type Said, sift, takes } from './response-fields.js'

/** The code that is responsible for a response. */
export interface ResponseOwner {
  /** The head is about to be written. `closes`: the request or the app says so. Returns whether the connection ends after it. */
  headed(closes: boolean): boolean
  /** The app has said something that must not be sent. Whatever it still writes is discarded. */
  faulted(error: Error): void
}

const { end, write, writeHead } = ServerResponse.prototype

type Options<Request extends IncomingMessage> = ConstructorParameters<typeof ServerResponse<Request>>

/**
 * The methods are own properties: Express changes the prototype of every response, and methods on it would be lost.
 * They are assigned one by one, and have no rest parameters, because every request pays for them.
 */
class GuardedResponse<Request extends IncomingMessage = IncomingMessage> extends ServerResponse<Request> {
  owner: ResponseOwner | undefined = undefined
  bodyBytes = 0
  /** The length that the app has announced. -1: none, or none that a body would have to match. */
  announcedBytes = -1
  isFaulted = false

  constructor(...options: Options<Request>) {
    super(...options)
    this.write = guardedWrite
    this.end = guardedEnd
    this.writeHead = guardedWriteHead
  }
}

class FieldKeepingResponse<
  Request extends IncomingMessage = IncomingMessage,
> extends GuardedResponse<Request> {
  /** The fields given to `writeHead`. Node keeps them where `getHeader` does not look. */
  lastFields: unknown = undefined
}

/** The class of responses for a server whose outcomes have these details. */
export function responseClass(details: OutcomeDetails | undefined): typeof ServerResponse {
  return details?.header === true ? FieldKeepingResponse : GuardedResponse
}

/** Sets the owner of a response. */
export function own(res: ServerResponse, owner: ResponseOwner): void {
  if (isGuarded(res)) res.owner = owner
}

function guardedWrite(this: GuardedResponse, chunk: unknown, encoding?: unknown, done?: unknown): boolean {
  if (this.isFaulted) return false
  this.bodyBytes += lengthOf(chunk, encoding)
  const announced = announcedBy(this)
  if (announced !== -1 && this.bodyBytes > announced) {
    fault(this, announced)
    return false
  }
  return Reflect.apply(write, this, [chunk, encoding, done])
}

/** Node refuses a second `end` with a body, and reports that to the app. */
function guardedEnd<Response extends GuardedResponse>(
  this: Response,
  chunk?: unknown,
  encoding?: unknown,
  done?: unknown,
): Response {
  if (this.isFaulted) return this
  if (!this.writableEnded) {
    this.bodyBytes += lengthOf(chunk, encoding)
    const announced = announcedBy(this)
    if (announced !== -1 && this.bodyBytes !== announced) {
      fault(this, announced)
      return this
    }
  }
  Reflect.apply(end, this, [chunk, encoding, done])
  return this
}

/** The app may change the announced length until the head is written. */
function announcedBy(res: GuardedResponse): number {
  if (res.headersSent) return res.announcedBytes
  if (!res.hasHeader('content-length') || !takesBody(res, res.statusCode)) return -1
  // An invalid length is found when the head is written.
  return parseLength(res.getHeader('content-length')) ?? -1
}

function guardedWriteHead<Response extends GuardedResponse>(
  this: Response,
  status: unknown,
  reason?: unknown,
  fields?: unknown,
): Response {
  // Node throws here.
  if (this.headersSent) return written(this, [status, reason, fields])
  const hasReason = typeof reason === 'string'
  const given = hasReason ? fields : (fields ?? reason)
  const code = Number(status)
  const said: Said = { status: code, length: undefined, closes: false, isChunked: false }
  const kept = typeof given === 'object' && given !== null ? sift(given, said) : given
  siftSet(this, said)
  const { length } = said
  const bytes = length === undefined ? -1 : parseLength(length)
  if (bytes === undefined) fail(this, `its content-length is no length: ${JSON.stringify(length)}`)
  else if (takesBody(this, code)) this.announcedBytes = bytes
  if (this.owner?.headed(said.closes || !this.shouldKeepAlive) === true) this.shouldKeepAlive = false
  if (this.hasHeader('connection'))
    this.setHeader('connection', this.shouldKeepAlive ? 'keep-alive' : 'close')
  if (keepsFields(this)) this.lastFields = kept
  return written(this, hasReason ? [status, reason, kept] : [status, kept])
}

function written<Response extends GuardedResponse>(res: Response, args: unknown[]): Response {
  Reflect.apply(writeHead, res, args)
  return res
}

/** Does the same for fields that were set one by one. Those of `writeHead` have precedence. */
function siftSet(res: GuardedResponse, said: Said): void {
  if (res.hasHeader('content-length')) {
    if (said.length === undefined) takes('content-length', res.getHeader('content-length'), said)
    if (said.status === 204 || parseLength(said.length) === undefined) res.removeHeader('content-length')
  }
  // Node remembers a removed field. For a response without a length, it would then end the connection.
  if (res.hasHeader('transfer-encoding')) {
    takes('transfer-encoding', res.getHeader('transfer-encoding'), said)
    const isFramed =
      said.length !== undefined || !takesBody(res, said.status) || res.req.httpVersionMinor === 0
    if (isFramed) res.removeHeader('transfer-encoding')
    else res.setHeader('transfer-encoding', 'chunked')
  }
  if (res.hasHeader('connection')) takes('connection', res.getHeader('connection'), said)
  if (res.hasHeader('keep-alive')) res.removeHeader('keep-alive')
  if (res.hasHeader('proxy-connection')) res.removeHeader('proxy-connection')
}

function fault(res: GuardedResponse, announced: number): void {
  const relation = res.bodyBytes > announced ? 'longer' : 'shorter'
  fail(
    res,
    `its body is ${relation} than its content-length: ${res.bodyBytes} bytes in place of ${announced}`,
  )
}

function fail(res: GuardedResponse, problem: string): void {
  res.isFaulted = true
  res.owner?.faulted(new Error(`The response was not sent: ${problem}`))
}

function takesBody({ req }: ServerResponse, status: number): boolean {
  return req.method !== 'HEAD' && status !== 204 && status !== 304
}

/** The value is nearly always a number or a single string, so those come first. */
function parseLength(value: unknown): number | undefined {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 1e15) return value
  const text: unknown = Array.isArray(value) && value.length === 1 ? value[0] : value
  return !Array.isArray(text) && /^\d{1,15}$/.test(String(text)) ? Number(text) : undefined
}

/** The outcome with its details. If the app took the socket over, there is no response and there are no details. */
export function withDetails(outcome: RequestOutcome, res: ServerResponse | undefined): RequestOutcome {
  if (!(res !== undefined && isGuarded(res))) return outcome
  const { type, status } = outcome
  const isBodyless = status === 204 || status === 304 || res.req.method === 'HEAD'
  const bytes = isBodyless || res.isFaulted ? 0 : res.bodyBytes
  if (keepsFields(res)) return { ...outcome, bytes, header: name => fieldOf(res, name) }
  // Spreading objects of several shapes would cost more than everything else here, and nearly all requests end this way.
  return type === 'failed' || status === undefined ? { ...outcome, bytes } : { type, status, bytes }
}

/** Checks own properties, because the prototype may have been changed. */
function isGuarded(res: ServerResponse): res is GuardedResponse {
  return 'announcedBytes' in res
}

function keepsFields(res: GuardedResponse): res is FieldKeepingResponse {
  return 'lastFields' in res
}

function lengthOf(chunk: unknown, encoding: unknown): number {
  if (chunk instanceof Uint8Array) return chunk.byteLength
  if (typeof chunk !== 'string') return 0
  return typeof encoding === 'string' && Buffer.isEncoding(encoding)
    ? Buffer.byteLength(chunk, encoding)
    : Buffer.byteLength(chunk)
}

function fieldOf(res: FieldKeepingResponse, name: string): string | undefined {
  const value = entriesOf(res.lastFields).find(([key]) => String(key).toLowerCase() === name)?.[1]
  return textOf(value ?? res.getHeader(name))
}

/** Accepts all that `writeHead` takes: an object, pairs, or names and values in turn. */
function entriesOf(fields: unknown): readonly (readonly unknown[])[] {
  if (!Array.isArray(fields)) return Object.entries(fields ?? {})
  if (fields.every(Array.isArray)) return fields
  return fields.flatMap((name, index) => (index % 2 === 0 ? [[name, fields[index + 1]]] : []))
}

function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined
  return Array.isArray(value) ? value.join(', ') : String(value)
}
