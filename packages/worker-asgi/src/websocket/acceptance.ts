/** Checks the values with which an app accepts a WebSocket. */
import { describeValue } from '@tunicorn/arbiter/worker'
import { readPairs } from '../http/fields.js'
import { AsgiProtocolError } from '../protocol/errors.js'
import type { Runtime } from '../runtime/runtime.js'

const handshakeFields: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'sec-websocket-accept',
  'sec-websocket-extensions',
  'sec-websocket-key',
  'sec-websocket-protocol',
  'sec-websocket-version',
  'transfer-encoding',
  'upgrade',
])

/** The subprotocol. The client must have offered it. @throws AsgiProtocolError */
export function checkSubprotocol(subprotocol: unknown, offered: readonly string[]): string | undefined {
  if (subprotocol === undefined || subprotocol === null) return undefined
  if (typeof subprotocol === 'string' && offered.includes(subprotocol)) return subprotocol
  const choice = offered.length === 0 ? 'none, because none was offered' : offered.join(', ')
  throw new AsgiProtocolError('`subprotocol` to be', [choice], describeValue(subprotocol))
}

/** The further fields of the 101 response: first those of the app, then ours. @throws AsgiProtocolError */
export function acceptFields(
  headers: unknown,
  { options, sendable }: Pick<Runtime, 'options' | 'sendable'>,
): readonly [string, string][] {
  const fields = readPairs(headers, sendable)
  const wrong = fields.find(([name]) => handshakeFields.has(name.toLowerCase()))
  if (wrong !== undefined)
    throw new AsgiProtocolError(
      '`headers` to have',
      ['no fields of the handshake itself'],
      describeValue(wrong[0]),
    )
  fields.push(...options.headers.map(([name, value]): [string, string] => [name, value]))
  const has = (wanted: string): boolean => fields.some(([name]) => name.toLowerCase() === wanted)
  if (options.serverHeader && !has('server')) fields.push(['server', 'tunicorn'])
  if (options.dateHeader && !has('date')) fields.push(['date', new Date().toUTCString()])
  return fields
}
