/** What a WebSocket app has not received yet. The end comes after everything else, and is then returned every time. */

import type {
  WebSocketDisconnectEvent,
  WebSocketReceiveEvent,
  WebSocketReceiveMessageEvent,
} from '../protocol/websocket-events.js'
import { highWaterMark } from '../runtime/shared.js'

/** The number of messages that may wait before the socket is paused. */
const maxMessages = 16

const connect: WebSocketReceiveEvent = Object.freeze({ type: 'websocket.connect' })

export class Inbox {
  /** Made when the first message has to wait. */
  private messages: WebSocketReceiveMessageEvent[] | undefined = undefined
  private size = 0
  private disconnect: WebSocketDisconnectEvent | undefined = undefined
  private waiting: ((event: WebSocketReceiveEvent) => void) | undefined = undefined
  private pending: Promise<WebSocketReceiveEvent> | undefined = undefined
  private hasConnected = false

  /** Too much is waiting: reading must pause. */
  get isFull(): boolean {
    return this.length >= maxMessages || this.size >= highWaterMark
  }

  get isEmpty(): boolean {
    return this.length === 0
  }

  get hasEnded(): boolean {
    return this.disconnect !== undefined
  }

  next(): Promise<WebSocketReceiveEvent> {
    if (!this.hasConnected) {
      this.hasConnected = true
      return Promise.resolve(connect)
    }
    // Calls are answered one after another, each with a different event.
    if (this.pending !== undefined) return this.pending.then(() => this.next())
    const event = this.messages?.shift() ?? this.disconnect
    if (event !== undefined) {
      if (event.type === 'websocket.receive') this.size -= sizeOf(event)
      return Promise.resolve(event)
    }
    this.pending = new Promise(resolve => {
      this.waiting = resolve
    })
    return this.pending
  }

  push(message: WebSocketReceiveMessageEvent): void {
    if (this.waiting !== undefined) return this.deliver(message)
    this.messages ??= []
    this.messages.push(message)
    this.size += sizeOf(message)
  }

  /** Only the first end counts. */
  end(code: number, reason: string): void {
    if (this.disconnect !== undefined) return
    this.disconnect = Object.freeze({ type: 'websocket.disconnect', code, reason })
    if (this.waiting !== undefined) this.deliver(this.disconnect)
  }

  private get length(): number {
    return this.messages?.length ?? 0
  }

  private deliver(event: WebSocketReceiveEvent): void {
    const resolve = this.waiting
    this.waiting = undefined
    this.pending = undefined
    resolve?.(event)
  }
}

function sizeOf({ text, bytes }: WebSocketReceiveMessageEvent): number {
  return text === undefined ? bytes.byteLength : text.length
}
