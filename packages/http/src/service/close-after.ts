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
    for (const name of ['connection', 'keep-alive']) res.removeHeader(name)
    // Fields that are set before make Node lose all but the last of those that are given here under one name.
    if (!args.some(isFields)) res.setHeader('connection', 'close')
    return apply(
      writeHead,
      res,
      args.map(value => (isFields(value) ? closing(value) : value)),
    )
  }
  res.writeHead = writeLastHead
}

function apply(writeHead: (...args: never) => unknown, res: ServerResponse, args: unknown[]): ServerResponse {
  Reflect.apply(writeHead, res, args)
  return res
}

function isFields(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

/** Header fields as `writeHead` takes them: an object, a flat list or a list of pairs. */
function closing(fields: object): object {
  if (!Array.isArray(fields)) {
    const others = Object.entries(fields).filter(([name]) => !isConnection(name))
    return { ...Object.fromEntries(others), connection: 'close' }
  }
  if (Array.isArray(fields[0]))
    return [
      ...fields.filter(field => !Array.isArray(field) || !isConnection(field[0])),
      ['connection', 'close'],
    ]
  return [...fields.filter((_, index) => !isConnection(fields[index - (index % 2)])), 'connection', 'close']
}

function isConnection(name: unknown): boolean {
  return typeof name === 'string' && (/^connection$/i.test(name) || /^keep-alive$/i.test(name))
}
