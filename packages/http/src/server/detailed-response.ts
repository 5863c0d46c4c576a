/** Responses that know what an access log wants to know. Used in place of Node's own only when there is one. */
import { type IncomingMessage, ServerResponse } from 'node:http'
import type { OutcomeDetails, RequestOutcome } from '@tunicorn/arbiter/worker'

const { end, write, writeHead } = ServerResponse.prototype

/** Its methods are its own: Express changes the prototype of every response, and what it had there would be gone. */
class DetailedResponse<Request extends IncomingMessage = IncomingMessage> extends ServerResponse<Request> {
  bodyBytes = 0
  /** What `writeHead` was given: Node keeps it where `getHeader` does not look. */
  lastFields: unknown = undefined

  constructor(...options: ConstructorParameters<typeof ServerResponse<Request>>) {
    super(...options)
    Object.assign(this, counting)
  }
}

class FieldKeepingResponse<
  Request extends IncomingMessage = IncomingMessage,
> extends DetailedResponse<Request> {
  constructor(...options: ConstructorParameters<typeof ServerResponse<Request>>) {
    super(...options)
    Object.assign(this, keeping)
  }
}

const counting = {
  write(this: DetailedResponse, chunk: unknown, ...rest: unknown[]): boolean {
    this.bodyBytes += lengthOf(chunk, rest[0])
    return Reflect.apply(write, this, [chunk, ...rest])
  },
  end(this: DetailedResponse, ...args: unknown[]): ServerResponse {
    // A second `end` with a body is refused by Node, which tells the app.
    if (!this.writableEnded) this.bodyBytes += lengthOf(args[0], args[1])
    return Reflect.apply(end, this, args)
  },
}

const keeping = {
  writeHead(this: DetailedResponse, ...args: unknown[]): ServerResponse {
    this.lastFields = typeof args[1] === 'string' ? args[2] : (args[2] ?? args[1])
    return Reflect.apply(writeHead, this, args)
  },
}

/** The class of responses for a server, whose outcomes have such details. */
export function responseClass({ header }: OutcomeDetails): typeof ServerResponse {
  return header ? FieldKeepingResponse : DetailedResponse
}

/** The outcome with its details. Without a response, because the app took the socket over, there are none. */
export function withDetails(outcome: RequestOutcome, res: ServerResponse | undefined): RequestOutcome {
  if (!(res !== undefined && isDetailed(res))) return outcome
  const isBodyless = res.req.method === 'HEAD' || outcome.status === 204 || outcome.status === 304
  const bytes = isBodyless ? 0 : res.bodyBytes
  const header = (name: string): string | undefined => fieldOf(res, name)
  const { type, status } = outcome
  if (type === 'failed' || status === undefined) return { ...outcome, bytes, header }
  // To spread objects of several shapes costs more than everything else here, and this is how nearly all requests end.
  return { type, status, bytes, header }
}

/** By its own properties, as its prototype may have been changed. */
function isDetailed(res: ServerResponse): res is DetailedResponse {
  return 'bodyBytes' in res && 'lastFields' in res
}

function lengthOf(chunk: unknown, encoding: unknown): number {
  if (chunk instanceof Uint8Array) return chunk.byteLength
  if (typeof chunk !== 'string') return 0
  return typeof encoding === 'string' && Buffer.isEncoding(encoding)
    ? Buffer.byteLength(chunk, encoding)
    : Buffer.byteLength(chunk)
}

function fieldOf(res: DetailedResponse, name: string): string | undefined {
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
