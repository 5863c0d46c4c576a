import { expect, test } from 'vitest'
import { formatAddress, parseAddress } from '../../../src/sockets/address.js'

const good: readonly (readonly [string, string])[] = [
  ['127.0.0.1:8000', '127.0.0.1:8000'],
  ['localhost:0', 'localhost:0'],
  ['My-Host.example:65535', 'my-host.example:65535'],
  [':80', '0.0.0.0:80'],
  ['*:80', '0.0.0.0:80'],
  ['[::]:80', '[::]:80'],
  ['[0:0:0:0:0:0:0:1]:80', '[::1]:80'],
  ['[fe80::1%eth0]:80', '[fe80::1%eth0]:80'],
  ['unix:run/a.sock', 'unix:/base/run/a.sock'],
  ['unix:/run/a.sock', 'unix:/run/a.sock'],
  ['fd://3', 'fd://3'],
]

for (const [text, formatted] of good)
  test(`\`${text}\` is the address ${formatted}, which reads back as itself`, () => {
    const parsed = parseAddress(text, '/base')
    if (!parsed.ok) throw new Error(parsed.problem)
    expect(formatAddress(parsed.address)).toBe(formatted)
    expect(parseAddress(formatted, '/elsewhere')).toEqual(parsed)
  })

const bad: readonly (readonly [string, string])[] = [
  ['', 'the port is missing'],
  ['8000', 'did you mean `:8000`?'],
  ['localhost', 'the port is missing'],
  ['localhost:', 'the port is missing'],
  ['localhost:http', 'the port must be 0 to 65535'],
  ['localhost:65536', 'the port must be 0 to 65535'],
  ['localhost:-1', 'the port must be 0 to 65535'],
  ['localhost:1e3', 'the port must be 0 to 65535'],
  ['256.0.0.1:80', 'the host is neither an IP address nor a host name'],
  ['a b:80', 'the host is neither an IP address nor a host name'],
  ['[127.0.0.1]:80', 'the host is neither an IP address nor a host name'],
  ['::1', 'write an IPv6 address as [::1]:PORT'],
  ['http://localhost:80', 'leave the scheme out'],
  ['unix:', 'the path is missing'],
  ['fd://', 'the descriptor must be a number'],
  ['fd://x', 'the descriptor must be a number'],
  ['fd://2', 'descriptors 0 to 2 are the standard streams'],
]

for (const [text, problem] of bad)
  test(`\`${text}\` is no address: ${problem}`, () => {
    expect(parseAddress(text, '/base')).toEqual({ ok: false, problem })
  })
