/** Answers that the server gives without the app. After a refusal, the connection is closed. */
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { closeInStages, hearOut } from '@tunicorn/net'

type Fields = Readonly<Record<string, string>>

/** Answers `status` in place of the app, with a response in its turn. `more`: header fields in addition to those for the text. */
export function refuseRequest(
  req: IncomingMessage,
  res: ServerResponse,
  status: number,
  more: Fields = {},
): void {
  const text = textOf(status)
  res.shouldKeepAlive = false
  closeInStages(req.socket)
  res.writeHead(status, { ...fieldsOf(text), ...more, connection: 'close' })
  res.end(req.method === 'HEAD' ? undefined : text)
  req.resume()
}

/**
 * Writes a whole response to a socket that no response owns, such as that of an upgrade, or in place of a response that has
 * not begun. `more`: header fields in addition to those for the text.
 */
export function refuseSocket(socket: Duplex, status: number, more: Fields = {}): void {
  socket.on('error', ignore)
  if (!socket.writable) {
    socket.destroy()
    return
  }
  const text = textOf(status)
  const fields = Object.entries({ ...fieldsOf(text), ...more, connection: 'close' })
  const head = fields.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  socket.end(`HTTP/1.1 ${status} ${text}\r\n${head}\r\n${text}`)
  hearOut(socket)
}

/** Answers `status` with an ordinary response. The connection may be used again afterwards. */
export function answerStatus(res: ServerResponse, status: number, more: Fields = {}): void {
  const text = textOf(status)
  res.writeHead(status, text, { ...fieldsOf(text), ...more }).end(text)
}

/** Header fields of a plain-text answer. */
function fieldsOf(text: string): Fields {
  return { 'content-type': 'text/plain; charset=utf-8', 'content-length': String(Buffer.byteLength(text)) }
}

function textOf(status: number): string {
  return STATUS_CODES[status] ?? 'Error'
}

function ignore(): void {}
