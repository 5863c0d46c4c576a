/** The body of a `Response` that arrives in parts: a web stream, a Node.js stream, or an object with `pipe`. */
import { PassThrough, Readable } from 'node:stream'

export interface BodySource {
  /** Rejects when the body fails. */
  next(): Promise<{ readonly done?: boolean | undefined; readonly value?: unknown }>
  /** The rest of the body is not needed. */
  cancel(): void
}

/** An object with only `pipe`, such as those of React's renderers. */
interface Pipeable {
  pipe(target: PassThrough): unknown
  abort?(): unknown
}

/** `undefined` for a body that is already whole. @throws TypeError for a web stream that already has a reader */
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
  // The error reaches the reader. Without this listener it would also end the process.
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

/** A web stream, possibly of another implementation. */
function isWebStream(body: object): body is ReadableStream {
  return 'getReader' in body && typeof body.getReader === 'function'
}

function isPipeable(body: object): body is Pipeable {
  return 'pipe' in body && typeof body.pipe === 'function'
}

function ignore(): void {}
