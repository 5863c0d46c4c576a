/** The address of the setting `admin`: TCP only, and on the loopback address unless a host is given. */
import { type Address, type AddressParse, parseAddress } from '../sockets/address.js'

/** The value that turns the setting off. */
export const adminOff = 'off'

const loopback = '127.0.0.1'

/** Unlike in `bind`, `:PORT` is the loopback address here: what monitors a server is not meant for everybody. */
export function parseAdminAddress(text: string): AddressParse {
  const parsed = parseAddress(text.startsWith(':') ? `${loopback}${text}` : text, '/')
  if (!parsed.ok) return parsed
  if (parsed.address.type === 'tcp' && !parsed.address.isTls && !parsed.address.isHttp2) return parsed
  return {
    ok: false,
    problem: 'only TCP addresses without TLS are possible; the control socket answers the same on a path',
  }
}

/** Returns `undefined` when it is off. The text has passed the check of the setting. */
export function adminAddressOf(text: string): Address | undefined {
  if (text === adminOff) return undefined
  const parsed = parseAdminAddress(text)
  return parsed.ok ? parsed.address : undefined
}
