/** A client of HTTP/2 that sends what it is told, right or wrong, and says what becomes of it (RFC 9113, RFC 7541). */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

export const types = {
  data: 0,
  headers: 1,
  priority: 2,
  reset: 3,
  settings: 4,
  push: 5,
  ping: 6,
  goaway: 7,
  window: 8,
  continuation: 9,
} as const

/** Flags; `ack` is that of `SETTINGS` and `PING`. */
export const flags = { endStream: 1, ack: 1, endHeaders: 4, padded: 8, priority: 32 } as const

export const preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'

export function frame(
  type: number,
  flag: number,
  stream: number,
  payload: Uint8Array | string = '',
  length?: number,
): Buffer {
  const body = Buffer.from(payload as string, 'latin1')
  const head = Buffer.alloc(9)
  head.writeUIntBE(length ?? body.length, 0, 3)
  head.writeUInt8(type, 3)
  head.writeUInt8(flag, 4)
  head.writeUInt32BE(stream, 5)
  return Buffer.concat([head, body])
}

export const number32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

export const setting = (id: number, value: number): Buffer =>
  Buffer.concat([Buffer.from([id >> 8, id & 255]), number32(value)])

export type Fields = readonly (readonly [name: string, value: string])[]

/** Literals without indexing and without Huffman's code. */
export function block(fields: Fields): Buffer {
  return Buffer.concat(fields.flatMap(([name, value]) => [Buffer.from([0]), text(name), text(value)]))
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'latin1')
  if (bytes.length < 127) return Buffer.concat([Buffer.from([bytes.length]), bytes])
  const rest: number[] = []
  let length = bytes.length - 127
  for (; length >= 128; length >>= 7) rest.push((length & 127) | 128)
  return Buffer.concat([Buffer.from([127, ...rest, length]), bytes])
}

export const pseudo = (path = '/', method = 'GET'): Fields => [
  [':method', method],
  [':scheme', 'http'],
  [':path', path],
  [':authority', 'localhost'],
]

export function headers(stream: number, fields: Fields, flag: number = flags.endStream): Buffer {
  return frame(types.headers, flag | flags.endHeaders, stream, block(fields))
}

/** What came back: `200`, `reset 1`, `goaway 1`, `ping`, `settings ack`, `closed`, in this order of frames. */
export class FrameClient implements AsyncDisposable {
  readonly #socket: Socket
  #bytes = Buffer.alloc(0)
  readonly seen: string[] = []
  #changed: () => void = () => {}

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('error', () => {})
    socket.on('data', chunk => this.#read(chunk))
    socket.on('close', () => this.#note('closed'))
  }

  static async open(port: number): Promise<FrameClient> {
    const socket = connect(port, '127.0.0.1')
    await once(socket, 'connect')
    return new FrameClient(socket)
  }

  send(...parts: readonly (Uint8Array | string)[]): void {
    this.#socket.write(Buffer.concat(parts.map(part => Buffer.from(part as string, 'latin1'))))
  }

  /** Resolves once `outcome` has come, or the connection is closed, or so many answers and refusals have come. */
  async until(outcome: string, answers = 1): Promise<void> {
    const isOver = (): boolean => this.seen.filter(each => /^(?:reset|[2-5])/.test(each)).length >= answers
    while (!this.seen.includes(outcome) && !this.seen.includes('closed') && !isOver())
      await new Promise<void>(resolve => {
        this.#changed = resolve
      })
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#socket.destroy()
    return Promise.resolve()
  }

  #note(what: string): void {
    this.seen.push(what)
    this.#changed()
  }

  #read(chunk: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, chunk])
    while (this.#bytes.length >= 9) {
      const length = this.#bytes.readUIntBE(0, 3)
      if (this.#bytes.length < 9 + length) return
      this.#frame(this.#bytes.subarray(0, 9), this.#bytes.subarray(9, 9 + length))
      this.#bytes = this.#bytes.subarray(9 + length)
    }
  }

  #frame(head: Buffer, payload: Buffer): void {
    const [type, flag] = [head.readUInt8(3), head.readUInt8(4)]
    if (type === types.headers) {
      const status = statusOf(payload)
      if (status !== undefined) this.#note(status)
    } else if (type === types.reset) this.#note(`reset ${payload.readUInt32BE(0)}`)
    else if (type === types.goaway) this.#note(`goaway ${payload.readUInt32BE(4)}`)
    else if (type === types.ping && flag === flags.ack) this.#note('ping')
    else if (type === types.settings && flag === flags.ack) this.#note('settings ack')
  }
}

const indexed = ['200', '204', '206', '304', '400', '404', '500']

/** The first field of a head, which is the status: of the static table, or a literal of its name. */
function statusOf(payload: Buffer): string | undefined {
  let at = 0
  // A change of the size of the table.
  while (((payload[at] ?? 0) & 0xe0) === 0x20) at += (payload[at] ?? 0) === 0x3f ? 3 : 1
  const first = payload[at] ?? 0
  if (first >= 0x88 && first <= 0x8e) return indexed[first - 0x88]
  if (first >= 0xc0) return 'a status of the dynamic table'
  if (first !== 0x48 && first !== 0x08) return undefined
  const length = payload[at + 1] ?? 0
  const value = payload.subarray(at + 2, at + 2 + (length & 127))
  return length < 128 ? value.toString('latin1') : digits(value)
}

/** Huffman's code of digits: `0` to `2` have five bits, the others six. */
function digits(bytes: Buffer): string {
  let bits = [...bytes].map(byte => byte.toString(2).padStart(8, '0')).join('')
  let found = ''
  while (bits.length >= 5 && /0/.test(bits)) {
    const short = Number.parseInt(bits.slice(0, 5), 2)
    const isShort = short <= 2
    found += isShort ? String(short) : String(Number.parseInt(bits.slice(0, 6), 2) - 0x19 + 3)
    bits = bits.slice(isShort ? 5 : 6)
  }
  return found
}
