/** A parsed request without a connection. */
import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'

export interface RequestParts {
  readonly url?: string
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly remoteAddress?: string
}

export function requestWith({
  url = '/',
  method = 'GET',
  headers = {},
  remoteAddress,
}: RequestParts): IncomingMessage {
  const socket = new Socket()
  Object.defineProperty(socket, 'remoteAddress', { value: remoteAddress })
  const req = new IncomingMessage(socket)
  req.url = url
  req.method = method
  req.httpVersionMajor = 1
  req.httpVersionMinor = 0
  req.rawHeaders = Object.entries(headers).flat()
  Object.assign(req.headers, headers)
  return req
}
