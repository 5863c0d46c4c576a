/** The address of the setting `statsdHost`. */
import { parseAddress } from '../sockets/address.js'

export interface StatsdAddress {
  readonly host: string
  readonly port: number
}

const defaultPort = 8125

/** `HOST:PORT`, `[v6]:PORT` or `HOST`. Returns `undefined` for anything else. */
export function statsdAddressOf(text: string): StatsdAddress | undefined {
  const isBare = /^[\w.-]+$/.test(text)
  const parsed = parseAddress(isBare ? `${text}:${defaultPort}` : text, '/')
  if (!parsed.ok || parsed.address.type !== 'tcp' || parsed.address.isTls || parsed.address.isHttp2)
    return undefined
  const { host, port } = parsed.address
  return port === 0 || text.startsWith(':') ? undefined : { host, port }
}
