/**
 * The socket of one HTTP/2 stream. It is a real `net.Socket` without a handle, so that a request of a stream looks like one of
 * HTTP/1.1 to all other code. `ServerResponse` writes its response to it as usual, and the response leaves as frames.
 */
import type { ServerHttp2Stream } from 'node:http2'
import { Socket } from 'node:net'
import { readHead } from './response-head.js'

interface Chunk {
  readonly chunk: string | Uint8Array
  readonly encoding: BufferEncoding
}

type Done = (error?: Error | null) => void

/** RFC 9113, 7. */
const noError = 0
const internalError = 2

export class StreamSocket extends Socket {
  /** The socket of the connection, which all its streams share. */
  readonly connectionSocket: Socket
  /** The next write is the last of the response. */
  isEnding = false
  /** Fields after the body. */
  readonly trailers: Record<string, string | string[]> = {}
  readonly #stream: ServerHttp2Stream
  #isHeaded = false
  #isEnded = false
  #waitsForTrailers = false
  #whenEnded: (() => void) | undefined
  /** Bytes of the request body. */
  received = 0

  constructor(stream: ServerHttp2Stream, connectionSocket: Socket) {
    super()
    this.#stream = stream
    this.connectionSocket = connectionSocket
    this.on('error', ignore)
    stream.on('error', ignore)
    stream.once('close', () => this.#streamClosed())
  }

  override _write(chunk: string | Uint8Array, encoding: BufferEncoding, done: Done): void {
    this._writev([{ chunk, encoding }], done)
  }

  override _writev(chunks: readonly Chunk[], done: Done): void {
    const stream = this.#stream
    if (stream.destroyed || this.#isEnded) return done()
    const parts: Uint8Array[] = []
    try {
      for (const { chunk, encoding } of chunks) {
        const rest = this.#isHeaded || typeof chunk !== 'string' ? chunk : this.#writeHeads(chunk)
        if (rest.length > 0) parts.push(typeof rest === 'string' ? Buffer.from(rest, encoding) : rest)
      }
    } catch (error) {
      // The head has a field that HTTP/2 does not allow.
      return done(error instanceof Error ? error : new Error(String(error)))
    }
    const [first] = parts
    const data = parts.length <= 1 ? first : Buffer.concat(parts)
    if (this.isEnding && this.#isHeaded) {
      this.#end(data, done)
    } else if (data === undefined) done()
    else stream.write(data, () => done())
  }

  override _read(): void {}

  override _final(done: Done): void {
    // A normal end in the middle of a response would make it look complete.
    if (!this.#isHeaded) this.#stream.close(internalError)
    else if (!this.#isEnded) return this.#end(undefined, done)
    done()
  }

  override _destroy(error: Error | null, done: Done): void {
    const stream = this.#stream
    if (!stream.closed && !stream.destroyed) stream.close(this.#isEnded ? noError : internalError)
    super._destroy(error, done)
  }

  /** The response is finished. Node writes nothing more if the last part was already written. */
  finish(): void {
    if (!this.#isEnded) this.end()
  }

  /** Sends informational heads, then that of the response. Returns what follows it. */
  #writeHeads(text: string): string {
    let rest = text
    while (!this.#isHeaded && rest !== '') {
      const head = readHead(rest)
      if (head === undefined) return rest
      rest = rest.slice(head.end)
      this.#respond(head.status, head.fields)
    }
    return rest
  }

  #respond(status: number, fields: Record<string, string | string[]>): void {
    const stream = this.#stream
    if (status < 200) return stream.additionalHeaders({ ':status': status, ...fields })
    this.#isHeaded = true
    fields[':status'] = String(status)
    const waitForTrailers = !this.isEnding || Object.keys(this.trailers).length > 0
    stream.respond(fields, { waitForTrailers })
    // A response without a body has already ended.
    if (!waitForTrailers || stream.writableEnded) return
    this.#waitsForTrailers = true
    stream.once('wantTrailers', () => {
      this.#waitsForTrailers = false
      stream.sendTrailers(this.trailers)
      this.#whenEnded?.()
    })
  }

  #end(data: Uint8Array | undefined, done: Done): void {
    const stream = this.#stream
    this.#isEnded = true
    if (stream.writableEnded) return done()
    if (this.#waitsForTrailers) this.#whenEnded = () => done()
    const written = this.#waitsForTrailers ? ignore : (): void => done()
    if (data === undefined) stream.end(written)
    else stream.end(data, written)
  }

  /** Closed by the client, by its connection, or by the end of the response. */
  #streamClosed(): void {
    if (!this.destroyed) process.nextTick(() => this.destroy())
  }
}

/** Node defines these as getters on `Socket.prototype`. A class body cannot, because their types are properties. */
function ofConnection(name: keyof Socket): PropertyDescriptor {
  return {
    configurable: true,
    get(this: StreamSocket) {
      return this.connectionSocket[name]
    },
  }
}

Object.defineProperties(StreamSocket.prototype, {
  remoteAddress: ofConnection('remoteAddress'),
  remotePort: ofConnection('remotePort'),
  remoteFamily: ofConnection('remoteFamily'),
  localAddress: ofConnection('localAddress'),
  localPort: ofConnection('localPort'),
  localFamily: ofConnection('localFamily'),
  bytesRead: {
    configurable: true,
    get(this: StreamSocket) {
      return this.received
    },
  },
})

/** Whether a request arrived as an HTTP/2 stream. */
export function isOfStream({ socket }: { readonly socket?: unknown }): boolean {
  return socket instanceof StreamSocket
}

function ignore(): void {}
