/** Reads the response head that Node's `ServerResponse` wrote, which reflects everything that an app can do to a head. */
import type { ResponseHead } from '../protocol/messages.js'

const headEnd = '\r\n\r\n'
const statusAt = 'HTTP/1.1 '.length

/** The end of a head in a string, or -1. */
export function endOfHead(text: string): number {
  const at = text.indexOf(headEnd)
  return at < 0 ? -1 : at + headEnd.length
}

/**
 * `text` is what Node wrote, with or without a body after it. The fields of the connection are left out, because the client's
 * connection is not this one. Only a request of the app to close it is passed on.
 */
export function readHead(text: string): ResponseHead {
  const lines = text.slice(0, text.indexOf(headEnd)).split('\r\n')
  const statusLine = lines[0] ?? ''
  const fields: string[] = []
  for (let index = 1; index < lines.length; index += 1) {
    const line = lines[index] ?? ''
    const colon = line.indexOf(': ')
    const name = line.slice(0, colon)
    const value = line.slice(colon + 2)
    if (isForwarded(name, value)) fields.push(name, value)
  }
  return {
    status: Number(statusLine.slice(statusAt, statusAt + 3)),
    reason: statusLine.slice(statusAt + 4),
    fields,
  }
}

function isForwarded(name: string, value: string): boolean {
  // The length is checked first: hardly any other field has one of these.
  switch (name.length) {
    case 10: {
      const lower = name.toLowerCase()
      if (lower === 'connection') return /\bclose\b/i.test(value)
      return lower !== 'keep-alive'
    }
    case 17:
      return name.toLowerCase() !== 'transfer-encoding'
    default:
      return true
  }
}
