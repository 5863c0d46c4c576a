/** Reads the request of a WebSocket handshake. */
import type { IncomingMessage } from 'node:http'

const keyPattern = /^[+/\da-z]{22}==$/i
const tokenPattern = /^[\w!#$%&'*+.^`|~-]+$/

/** Whether a client asks for a WebSocket. Other upgrades, methods and versions of HTTP are plain requests. */
export function isWebSocketUpgrade({ method, httpVersionMinor, headers }: IncomingMessage): boolean {
  const isUpgrade = hasToken(headers.connection, 'upgrade') && hasToken(headers.upgrade, 'websocket')
  return isUpgrade && method === 'GET' && httpVersionMinor === 1
}

/** The status to refuse a handshake with, before the app hears of it. */
export function handshakeProblem({ headers }: IncomingMessage): 400 | 426 | undefined {
  if (headers['sec-websocket-version'] !== '13') return 426
  const key = headers['sec-websocket-key']
  return key !== undefined && keyPattern.test(key) ? undefined : 400
}

/** What the client offers, in its order; `undefined` when that is no list of names. */
export function offeredSubprotocols({ headers }: IncomingMessage): readonly string[] | undefined {
  const given = headers['sec-websocket-protocol']
  if (given === undefined) return []
  const names = given.split(',').map(name => name.trim())
  const isValid = names.every(name => tokenPattern.test(name)) && new Set(names).size === names.length
  return isValid ? names : undefined
}

function hasToken(value: string | undefined, token: string): boolean {
  return value?.split(',').some(part => part.trim().toLowerCase() === token) ?? false
}
