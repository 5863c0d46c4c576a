/** The request that an app in a thread gets: Node's own `IncomingMessage`, but not fed by a parser. */
import { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { joined, lazyFields } from '@tunicorn/http'
import { bufferOf } from '../protocol/bytes.js'
import type { RequestMessage } from '../protocol/messages.js'

/**
 * `wanted` is called whenever the app wants more of the body than is buffered. Changes are made to the object itself, because
 * frameworks replace its prototype.
 */
export function createRequest(message: RequestMessage, socket: Socket, wanted: () => void): IncomingMessage {
  const req = new IncomingMessage(socket)
  req.method = message.method
  req.url = message.target
  req.httpVersion = message.httpVersion
  req.httpVersionMajor = Number(message.httpVersion[0])
  req.httpVersionMinor = Number(message.httpVersion[2])
  req.rawHeaders.push(...message.fields)
  req.headers = joined(message.fields)
  Object.defineProperties(req, lazyFields)
  const read = req._read
  req._read = size => {
    Reflect.apply(read, req, [size])
    wanted()
  }
  if (message.body !== undefined) req.push(bufferOf(message.body))
  if (message.isWhole) {
    req.rawTrailers.push(...message.trailers)
    req.complete = true
    req.push(null)
  }
  return req
}
