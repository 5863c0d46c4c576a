/** WebSocket clients: the library's, and one of raw frames. */

import { once } from 'node:events'
import { RawClient } from '@tunicorn/harness/vitest'
import { onTestFinished } from 'vitest'
import { type ClientOptions, WebSocket } from 'ws'
import type { Scene } from './scene.js'

interface Closed {
  readonly code: number
  readonly reason: string
}

/** What a client has seen of a WebSocket. */
export interface Client {
  readonly socket: WebSocket
  /** Messages, binary ones as `Buffer`. */
  readonly messages: (string | Buffer)[]
  readonly closed: Promise<Closed>
  /** Resolves with the first `count` messages. */
  received(count: number): Promise<readonly (string | Buffer)[]>
}

export interface ConnectOptions extends ClientOptions {
  readonly path?: string
  readonly subprotocols?: string[]
}

/** Connects; rejects when the handshake is refused. */
export async function connect(scene: Scene, options: ConnectOptions = {}): Promise<Client> {
  const { path = '/', subprotocols = [], ...rest } = options
  const socket = new WebSocket(`ws://127.0.0.1:${scene.port}${path}`, subprotocols, rest)
  onTestFinished(() => socket.terminate())
  const messages: (string | Buffer)[] = []
  socket.on('message', (data: Buffer, isBinary: boolean) => messages.push(isBinary ? data : data.toString()))
  const closed = new Promise<Closed>(resolve => {
    socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }))
  })
  await once(socket, 'open')
  socket.on('error', () => {})
  const received = async (count: number): Promise<readonly (string | Buffer)[]> => {
    while (messages.length < count) await once(socket, 'message')
    return messages.slice(0, count)
  }
  return { socket, messages, closed, received }
}

/** The request of a handshake. */
export function handshake(path = '/', fields: readonly string[] = []): string {
  const lines = [
    `GET ${path} HTTP/1.1`,
    'Host: test',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    ...fields,
  ]
  return `${lines.join('\r\n')}\r\n\r\n`
}

/** A raw connection whose handshake is done. */
export async function connectRaw(scene: Scene): Promise<RawClient> {
  const client = await RawClient.connect(scene.port)
  await client.send(handshake()).until(/^HTTP\/1\.1 101 .*\r\n\r\n/s)
  client.received = ''
  return client
}

export interface FrameOptions {
  /** The first byte: FIN, RSV and the opcode. */
  readonly head: number
  readonly payload?: string
  /** @default true */
  readonly isMasked?: boolean
}

/** A frame of a client, with the mask 0. Payloads of up to 125 bytes. */
export function frame({ head, payload = '', isMasked = true }: FrameOptions): string {
  const length = payload.length | (isMasked ? 0x80 : 0)
  return String.fromCharCode(head, length) + (isMasked ? '\0\0\0\0' : '') + payload
}

/** The payload of a close frame. */
export function closePayload(code: number, reason = ''): string {
  return String.fromCharCode(code >> 8, code & 0xff) + reason
}

/** The whole response to a handshake that is refused. */
export async function refusal(scene: Scene, request: string = handshake()): Promise<string> {
  const client = await RawClient.connect(scene.port)
  return await client.send(request).all()
}
