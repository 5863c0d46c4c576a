/** The field `Forwarded` (RFC 7239, 4): one element of pairs for each proxy. */

/** Pairs, keyed by their names in lower case. */
export type ForwardedElement = ReadonlyMap<string, string>

const token = "[!#$%&'*+.^_`|~\\da-z-]+"
const pair = new RegExp(`[ \\t]*(${token})=(?:(${token})|"((?:[^"\\\\]|\\\\.)*)")[ \\t]*([;,]|$)`, 'iy')

/** From the client inwards. `undefined` when any part is malformed, because then the ends of the elements are unknown. */
export function parseForwarded(field: string): readonly ForwardedElement[] | undefined {
  const elements: ForwardedElement[] = []
  let element = new Map<string, string>()
  for (let index = 0; index < field.length; ) {
    pair.lastIndex = index
    const [whole, name = '', plain, quoted = '', end] = pair.exec(field) ?? []
    const key = name.toLowerCase()
    if (whole === undefined || element.has(key)) return undefined
    element.set(key, plain ?? quoted.replace(/\\(.)/g, '$1'))
    index += whole.length
    // A separator with nothing after it.
    if (end !== '' && index === field.length) return undefined
    if (end === ';') continue
    elements.push(element)
    element = new Map()
  }
  return elements
}
