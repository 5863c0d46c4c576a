/** The address of a worker's inspector, where a debugger attaches: the settings `inspect` and `inspectBrk`. */
import { isIPv4 } from 'node:net'
import * as v from 'valibot'
import { formatAddress, parseAddress } from '../sockets/address.js'
import { lastText, type ValueKind } from './value-kind.js'

/** The value that turns the setting off. */
export const inspectorOff = 'off'

const loopback = '127.0.0.1'
/** The same as in Node.js itself. */
const defaultPort = 9229

/** `off`, or an address as `HOST:PORT`. */
export const inspectorAddress: ValueKind<string> = {
  schema: v.pipe(
    v.union([v.string(), v.pipe(v.number(), v.transform(String))]),
    v.rawTransform(({ dataset, addIssue, NEVER }) => {
      const parsed = read(dataset.value)
      if (parsed.ok) return parsed.text
      addIssue({ message: parsed.problem })
      return NEVER
    }),
  ),
  expected: 'PORT, HOST:PORT or "off"',
  // An empty text is the flag without a value.
  parse: texts => (lastText(texts) === '' ? defaultPort : lastText(texts)),
}

/** The text has passed the check of the setting. */
export function inspectorAddressOf(
  text: string,
): { readonly host: string; readonly port: number } | undefined {
  const parsed = parseAddress(text, '/')
  return parsed.ok && parsed.address.type === 'tcp' ? parsed.address : undefined
}

/** Whether only this machine can reach it. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'))
}

type Reading = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly problem: string }

/** A port alone means the loopback address, because whoever reaches an inspector can run code. */
function read(text: string): Reading {
  if (text === inspectorOff) return { ok: true, text }
  const parsed = parseAddress(/^:?\d+$/.test(text) ? `${loopback}:${text.replace(':', '')}` : text, '/')
  if (!parsed.ok) return parsed
  if (parsed.address.type === 'tcp' && !parsed.address.isTls)
    return { ok: true, text: formatAddress(parsed.address) }
  return { ok: false, problem: 'a debugger attaches at a TCP address' }
}
