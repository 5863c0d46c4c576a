/** Reads the request of a WebSocket handshake. */
import type { IncomingMessage } from 'node:http'

const keyPattern = /^[+/\da-z]{22}==$/i
const tokenPattern = /^[\w!#$%&'*+.^`|~-]+$/

/** The status with which to refuse a handshake before the app is called. */
export function handshakeProblem({ headers }: IncomingMessage): 400 | 426 | undefined {
  if (headers['sec-websocket-version'] !== '13') return 426
  // Depending on its version, Node reads a body before the frames, or treats it as the first of them.
  if (headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) !== 0) return 400
  const key = headers['sec-websocket-key']
  return key !== undefined && keyPattern.test(key) ? undefined : 400
}

/** The subprotocols that the client offers, in its order. `undefined` if the field is not a list of names. */
export function offeredSubprotocols({ headers }: IncomingMessage): readonly string[] | undefined {
  const given = headers['sec-websocket-protocol']
  if (given === undefined) return []
  const names = given.split(',').map(name => name.trim())
  const isValid = names.every(name => tokenPattern.test(name)) && new Set(names).size === names.length
  return isValid ? names : undefined
}
