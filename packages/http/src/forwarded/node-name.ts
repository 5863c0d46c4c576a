/** The name of a client or a proxy in a forwarded field. */
import { isIP } from 'node:net'

export interface NodeName {
  readonly address: string
  readonly port?: number
}

const form = /^(?:\[([\da-f:.]+)\]|([\d.]+))(?::(\d{1,5}))?$/i

/** `1.2.3.4`, `1.2.3.4:5`, `::1`, `[::1]` and `[::1]:5`; `undefined` for anything that is not an address. */
export function parseNodeName(text: string): NodeName | undefined {
  if (isIP(text) !== 0) return { address: text }
  const [, v6, v4, port] = form.exec(text) ?? []
  const isAddress = v6 === undefined ? isIP(v4 ?? '') === 4 : isIP(v6) === 6
  if (!isAddress || Number(port ?? 0) > 65_535) return undefined
  const address = v6 ?? v4 ?? ''
  return port === undefined ? { address } : { address, port: Number(port) }
}
