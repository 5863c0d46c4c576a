/** Responses that know what an access log wants to know. Used in place of Node's own only when there is one. */
// The global of the same name is a getter, on the path of every request.
import { Buffer } from 'node:buffer'
import { type IncomingMessage, ServerResponse } from 'node:http'
import type { OutcomeDetails, RequestOutcome } from '@tunicorn/arbiter/worker'

const { end, write, writeHead } = ServerResponse.prototype

type Options<Request extends IncomingMessage> = ConstructorParameters<typeof ServerResponse<Request>>

/**
 * Its methods are its own: Express changes the prototype of every response, and what it had there would be gone.
 * Assigned one by one, and without rest parameters, because every request pays for them.
 */
class DetailedResponse<Request extends IncomingMessage = IncomingMessage> extends ServerResponse<Request> {
  bodyBytes = 0

  constructor(...options: Options<Request>) {
    super(...options)
    this.write = countedWrite
    this.end = countedEnd
  }
}

class FieldKeepingResponse<
  Request extends IncomingMessage = IncomingMessage,
> extends DetailedResponse<Request> {
  /** What `writeHead` was given: Node keeps it where `getHeader` does not look. */
  lastFields: unknown = undefined

  constructor(...options: Options<Request>) {
    super(...options)
    this.writeHead = keptWriteHead
  }
}

function countedWrite(this: DetailedResponse, chunk: unknown, encoding?: unknown, done?: unknown): boolean {
  this.bodyBytes += lengthOf(chunk, encoding)
  return Reflect.apply(write, this, [chunk, encoding, done])
}

/** A second `end` with a body is refused by Node, which tells the app. */
function countedEnd<Response extends DetailedResponse>(
  this: Response,
  chunk?: unknown,
  encoding?: unknown,
  done?: unknown,
): Response {
  if (!this.writableEnded) this.bodyBytes += lengthOf(chunk, encoding)
  Reflect.apply(end, this, [chunk, encoding, done])
  return this
}

function keptWriteHead<Response extends FieldKeepingResponse>(this: Response, ...args: unknown[]): Response {
  this.lastFields = typeof args[1] === 'string' ? args[2] : (args[2] ?? args[1])
  Reflect.apply(writeHead, this, args)
  return this
}

/** The class of responses for a server, whose outcomes have such details. */
export function responseClass({ header }: OutcomeDetails): typeof ServerResponse {
  return header ? FieldKeepingResponse : DetailedResponse
}

/** The outcome with its details. Without a response, because the app took the socket over, there are none. */
export function withDetails(outcome: RequestOutcome, res: ServerResponse | undefined): RequestOutcome {
  if (!(res !== undefined && isDetailed(res))) return outcome
  const { type, status } = outcome
  const isBodyless = status === 204 || status === 304 || res.req.method === 'HEAD'
  const bytes = isBodyless ? 0 : res.bodyBytes
  if (keepsFields(res)) return { ...outcome, bytes, header: name => fieldOf(res, name) }
  // To spread objects of several shapes costs more than everything else here, and this is how nearly all requests end.
  return type === 'failed' || status === undefined ? { ...outcome, bytes } : { type, status, bytes }
}

/** By its own properties, as its prototype may have been changed. */
function isDetailed(res: ServerResponse): res is DetailedResponse {
  return 'bodyBytes' in res
}

function keepsFields(res: DetailedResponse): res is FieldKeepingResponse {
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

/** An object, pairs, or names and values in turn: all that `writeHead` takes. */
function entriesOf(fields: unknown): readonly (readonly unknown[])[] {
  if (!Array.isArray(fields)) return Object.entries(fields ?? {})
  if (fields.every(Array.isArray)) return fields
  return fields.flatMap((name, index) => (index % 2 === 0 ? [[name, fields[index + 1]]] : []))
}

function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined
  return Array.isArray(value) ? value.join(', ') : String(value)
}
