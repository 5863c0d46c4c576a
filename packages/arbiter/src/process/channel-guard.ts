/**
 * Limits what a worker can send over its IPC channel. Node parses that channel in the arbiter: a line that is not JSON throws in
 * the middle of the event loop, a line without an end is buffered without limit, and a flood starves everybody else. There is no
 * public hook, so this wraps the channel's read callback. If that cannot be found, the channel works without the guard.
 */
import type { ChildProcess } from 'node:child_process'
import { findChannelHandle } from '../protocol/channel-handle.js'

export interface ChannelLimits {
  /** The most bytes in one message. */
  readonly messageBytes: number
  /** The most bytes in one second. */
  readonly bytesPerSecond: number
}

const newline = 10

/** Calls `onViolation` at most once. After that, nothing more is read from the channel. */
export function guardChannel(
  child: ChildProcess,
  limits: ChannelLimits,
  onViolation: (reason: string) => void,
): boolean {
  const channel = findChannelHandle(child)
  if (!channel) return false
  const read = channel.onread
  let lineBytes = 0
  let windowBytes = 0
  let windowStart = performance.now()
  let isBroken = false

  const violate = (reason: string): void => {
    isBroken = true
    channel.readStop()
    onViolation(reason)
  }
  channel.onread = function (data) {
    if (isBroken) return undefined
    if (data) {
      const now = performance.now()
      if (now - windowStart > 1_000) {
        windowStart = now
        windowBytes = 0
      }
      windowBytes += data.byteLength
      const lastNewline = Buffer.from(data).lastIndexOf(newline)
      lineBytes = lastNewline === -1 ? lineBytes + data.byteLength : data.byteLength - lastNewline - 1
      if (lineBytes > limits.messageBytes) return violate('it sent a message that is too long')
      if (windowBytes > limits.bytesPerSecond) return violate('it flooded its channel')
    }
    try {
      return read.call(this, data)
    } catch {
      return violate('it sent something that is not a message')
    }
  }
  return true
}
