/** Makes a response the last one of its connection. */
import type { ServerResponse } from 'node:http'
import type { Exchange } from './exchange.js'

/**
 * Gives the response `Connection: close`, whatever the app says, unless a later request came on the same connection
 * before this head was written: then that one is the last. Set on the response itself, because frameworks replace
 * its prototype.
 */
export function closeAfter(exchange: Exchange): void {
  const { connection, res } = exchange
  if (res === undefined || res.headersSent) return
  const writeHead: (...args: never) => unknown = res.writeHead
  const writeLastHead = (...args: unknown[]): ServerResponse => {
    if (connection.exchanges.at(-1) !== exchange || res.headersSent) return apply(writeHead, res, args)
    connection.isClosing = true
    res.setHeader('connection', 'close')
    res.removeHeader('keep-alive')
    return apply(writeHead, res, args.map(withoutConnection))
  }
  res.writeHead = writeLastHead
}

function apply(writeHead: (...args: never) => unknown, res: ServerResponse, args: unknown[]): ServerResponse {
  Reflect.apply(writeHead, res, args)
  return res
}

/** Header fields as `writeHead` takes them: an object, a flat list or a list of pairs. Other arguments are kept. */
function withoutConnection(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (!Array.isArray(value))
    return Object.fromEntries(Object.entries(value).filter(([name]) => !isConnection(name)))
  if (Array.isArray(value[0])) return value.filter(field => !Array.isArray(field) || !isConnection(field[0]))
  return value.filter((_, index) => !isConnection(value[index - (index % 2)]))
}

function isConnection(name: unknown): boolean {
  return typeof name === 'string' && (/^connection$/i.test(name) || /^keep-alive$/i.test(name))
}
