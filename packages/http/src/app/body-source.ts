/** The body of a `Response` that comes in parts: a web stream, a stream of Node.js, or something with `pipe`. */
import { PassThrough, Readable } from 'node:stream'

export interface BodySource {
  /** Rejects when the body has failed. */
  next(): Promise<{ readonly done?: boolean | undefined; readonly value?: unknown }>
  /** Nobody wants the rest. */
  cancel(): void
}

/** What has only `pipe`, such as React's renderers. */
interface Pipeable {
  pipe(target: PassThrough): unknown
  abort?(): unknown
}

/** `undefined` for a body that is whole already. @throws TypeError for a web stream that somebody reads */
export function bodySource(body: unknown): BodySource | undefined {
  if (typeof body !== 'object' || body === null || body instanceof Uint8Array) return undefined
  if (body instanceof ReadableStream || isWebStream(body)) return webSource(body)
  if (body instanceof Readable) return nodeSource(body)
  return isPipeable(body) ? nodeSource(piped(body)) : undefined
}

function webSource(stream: ReadableStream): BodySource {
  const reader = stream.getReader()
  return {
    next: () => reader.read(),
    cancel: () => void reader.cancel().catch(ignore),
  }
}

function nodeSource(stream: Readable): BodySource {
  // An error alone must not end the process; the reader gets it.
  stream.on('error', ignore)
  const parts = stream[Symbol.asyncIterator]()
  return {
    next: () => parts.next(),
    cancel: () => void stream.destroy(),
  }
}

function piped(body: Pipeable): Readable {
  const stream = new PassThrough()
  stream.once('close', () => body.abort?.())
  body.pipe(stream)
  return stream
}

/** A web stream of another make. */
function isWebStream(body: object): body is ReadableStream {
  return 'getReader' in body && typeof body.getReader === 'function'
}

function isPipeable(body: object): body is Pipeable {
  return 'pipe' in body && typeof body.pipe === 'function'
}

function ignore(): void {}
