/** What is valid in `Host` and before the path of a whole URL (RFC 9110, 7.2; RFC 3986, 3.2.2). */

/** Most hosts: the last label begins with a letter, so nothing else has to be checked. */
const name = /^(?:[a-z\d_-]+\.)*[a-z_][a-z\d_-]*$/i
const octet = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)'
const address = new RegExp(`^(?:${octet}\\.){3}${octet}$`)
/** What the grammar allows, except the comma, which would make two fields look like one. */
const others = /^(?:\[[\da-f:.]+\]|(?:[\w.~!$&'()*+;=-]|%[\da-f]{2})+)$/i

/**
 * Whether the text is a host, with or without a port, that a URL can have. An empty host is not: no `http` URL has one
 * (RFC 9110, 4.2.1).
 */
export function isHost(text: string): boolean {
  const colon = text.lastIndexOf(':')
  const hasPort = colon !== -1 && !text.endsWith(']')
  const host = hasPort ? text.slice(0, colon) : text
  if (hasPort && !isPort(text.slice(colon + 1))) return false
  if (address.test(host)) return true
  if (name.test(host) && !host.toLowerCase().includes('xn--')) return true
  return others.test(host) && URL.canParse(`http://${host}`)
}

/** A port may be empty. */
function isPort(text: string): boolean {
  return text.length <= 5 && /^\d*$/.test(text) && Number(text) <= 65_535
}
