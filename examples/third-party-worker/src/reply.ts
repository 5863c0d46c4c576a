/** Answers as bytes of the protocol. */
import type { Reply } from './app.js'

/** @throws TypeError for a value that cannot be an answer */
export function encodeReply(reply: Reply): Buffer {
  if (reply === null || reply === undefined) return Buffer.from('$-1\r\n')
  if (typeof reply === 'string') return bulk(Buffer.from(reply))
  if (reply instanceof Uint8Array) return bulk(reply)
  if (Number.isSafeInteger(reply)) return Buffer.from(`:${reply}\r\n`)
  if (Array.isArray(reply))
    return Buffer.concat([Buffer.from(`*${reply.length}\r\n`), ...reply.map(encodeReply)])
  if (typeof reply === 'object' && 'status' in reply) return Buffer.from(`+${oneLine(reply.status)}\r\n`)
  throw new TypeError(`An answer is text, bytes, a whole number, null, a status or an array, got ${reply}`)
}

export function encodeError(message: string): Buffer {
  return Buffer.from(`-${oneLine(message)}\r\n`)
}

function bulk(bytes: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`$${bytes.byteLength}\r\n`), bytes, Buffer.from('\r\n')])
}

/** A line break would begin another answer. */
function oneLine(text: string): string {
  return text.replaceAll(/[\r\n]+/g, ' ')
}
