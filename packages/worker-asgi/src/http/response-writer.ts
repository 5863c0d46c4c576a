/**
 * Writes a response: the head in one write with the first part of the body, with framing that the app cannot corrupt, and no
 * faster than the client reads.
 */
import { type ServerResponse, STATUS_CODES } from 'node:http'
import { describeValue } from '@tunicorn/arbiter/worker'
import { AsgiProtocolError, ClientDisconnectedError } from '../protocol/errors.js'
import type { Runtime } from '../runtime/runtime.js'
import { done, highWaterMark } from '../runtime/shared.js'
import { type Fields, readFields } from './fields.js'

/** A promise for when the client has read enough. */
interface Waiting {
  readonly promise: Promise<void>
  resolve(): void
  reject(error: Error): void
}

export class ResponseWriter {
  private readonly res: ServerResponse
  private readonly runtime: Runtime
  private readonly maxStatus: number
  private status = 0
  private fields: Fields | undefined = undefined
  /** Whether a body follows the head: not for HEAD, 204 and 304. */
  private hasBody = true
  private hasTrailers = false
  /** Bytes of the body written so far. */
  private sent = 0
  private waiting: Waiting | undefined = undefined
  private isHeadOut = false
  private isClosed = false

  /** `maxStatus`: the highest status that an app may give. */
  constructor(res: ServerResponse, runtime: Runtime, maxStatus: number = 999) {
    this.res = res
    this.maxStatus = maxStatus
    this.runtime = runtime
  }

  /** The head was handed to Node. Until then, another response can still replace this one. */
  get isBegun(): boolean {
    return this.isHeadOut
  }

  /** The response is chunked or an HTTP/2 one, and so can have trailers. */
  get isChunked(): boolean {
    return this.res.chunkedEncoding || this.res.req.httpVersionMajor === 2
  }

  /** Bytes that the app has announced but not sent yet. `undefined`: it has announced no length. */
  get missing(): number | undefined {
    const length = this.fields?.contentLength ?? -1
    return length === -1 ? undefined : length - this.sent
  }

  /** Whether the client gets the body at all. */
  get takesBody(): boolean {
    return this.hasBody
  }

  /** Takes the head and holds it. @throws AsgiProtocolError */
  start(status: unknown, headers: unknown, hasTrailers: boolean = false): void {
    const { maxStatus } = this
    if (typeof status !== 'number' || !Number.isInteger(status) || status < 200 || status > maxStatus)
      throw new AsgiProtocolError(
        '`status` to be',
        [`an integer from 200 to ${maxStatus}`],
        describeValue(status),
      )
    this.fields = readFields(headers, this.runtime.sendable)
    this.status = status
    this.hasTrailers = hasTrailers
    this.hasBody = this.res.req.method !== 'HEAD' && status !== 204 && status !== 304
    if (this.fields.closes) this.res.shouldKeepAlive = false
  }

  /** Writes a part of the body. @throws AsgiProtocolError if it does not match the announced length */
  write(body: unknown, isLast: boolean): Promise<void> {
    if (this.isClosed) throw new ClientDisconnectedError()
    const size = sizeOf(body)
    this.count(size, isLast)
    // Narrowed by `sizeOf`, which throws for anything else.
    const chunk = size === 0 ? undefined : (body as string | Uint8Array)
    const { res } = this
    if (isLast) {
      if (!this.isHeadOut) this.writeHead(size)
      if (chunk !== undefined && this.hasBody) res.end(chunk)
      else res.end()
      return done
    }
    if (!this.isHeadOut) {
      this.writeHead(undefined)
      // With an empty part, the app asks for the head to be sent now.
      if (chunk === undefined) res.flushHeaders()
    }
    if (chunk === undefined || !this.hasBody) return done
    return res.write(chunk) || res.writableLength < highWaterMark ? done : this.drained()
  }

  /** Ends a response whose body was already written. */
  end(trailers: readonly [string, string][]): void {
    if (trailers.length > 0 && this.isChunked) this.res.addTrailers(trailers)
    this.res.end()
  }

  /** Sets a length that the app did not give. To be called before anything is written. */
  setLength(length: number): void {
    if (this.fields?.contentLength === -1) this.fields = { ...this.fields, contentLength: length }
  }

  /** The connection was closed: what is still waiting will never be read. */
  close(): void {
    this.isClosed = true
    const { waiting } = this
    this.waiting = undefined
    waiting?.reject(new ClientDisconnectedError())
  }

  private count(size: number, isLast: boolean): void {
    const length = this.fields?.contentLength ?? -1
    const total = this.sent + size
    if (length !== -1 && this.hasBody) {
      const isTooMuch = total > length
      if (isTooMuch || (isLast && total < length))
        throw new AsgiProtocolError(
          `a body not ${isTooMuch ? 'longer' : 'shorter'} than \`content-length\`, which is`,
          [`${length} bytes`],
          `${total}`,
        )
    }
    this.sent = total
  }

  /** `size`: bytes of the whole body, if known. */
  private writeHead(size: number | undefined): void {
    const { fields, res, status, runtime } = this
    if (fields === undefined) throw new TypeError('A head is written before it is there')
    this.isHeadOut = true
    const { list } = fields
    const mayHaveLength = status !== 204
    if (fields.contentLength !== -1) {
      if (mayHaveLength) list.push('content-length', String(fields.contentLength))
    } else if (size !== undefined && !fields.isChunked && !this.hasTrailers) {
      if (mayHaveLength && status !== 304) list.push('content-length', String(size))
    } else if (fields.trailer !== undefined && this.hasBody && res.req.httpVersionMinor > 0) {
      list.push('trailer', fields.trailer)
    }
    if (runtime.defaultFields.length > 0) list.push(...runtime.defaultFields)
    if (runtime.namesServer && !fields.hasServer) list.push('server', 'tunicorn')
    if (!runtime.options.dateHeader) res.sendDate = false
    res.writeHead(status, STATUS_CODES[status] ?? '', list)
  }

  /** Resolves when the client has read what was waiting; rejects when it leaves. All callers share it. */
  private drained(): Promise<void> {
    if (this.waiting !== undefined) return this.waiting.promise
    let settle: Pick<Waiting, 'resolve' | 'reject'> = { resolve: ignore, reject: ignore }
    const promise = new Promise<void>((resolve, reject) => {
      settle = { resolve, reject }
    })
    // If the app does not wait for this, a client that leaves must not end the process.
    promise.catch(ignore)
    this.waiting = { promise, ...settle }
    this.res.once('drain', () => {
      this.waiting?.resolve()
      this.waiting = undefined
    })
    return promise
  }
}

function sizeOf(body: unknown): number {
  if (body === undefined) return 0
  if (typeof body === 'string') return Buffer.byteLength(body)
  if (body instanceof Uint8Array) return body.byteLength
  throw new AsgiProtocolError('`body` to be', ['a Uint8Array', 'a string'], describeValue(body))
}

function ignore(): void {}
