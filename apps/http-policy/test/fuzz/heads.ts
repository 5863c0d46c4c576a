/** Heads of requests: mostly right, and wrong in every way that somebody has tried on a server. */
import type { Dice } from './dice.js'

const methods = [
  'GET',
  'POST',
  'HEAD',
  'PUT',
  'DELETE',
  'OPTIONS',
  'PATCH',
  'TRACE',
  'PROPFIND',
  'M-SEARCH',
] as const
const wrongMethods = [
  'get',
  'GE T',
  'GET\t',
  '',
  ' GET',
  'FOO',
  'G\0T',
  'PRI',
  'CONNECT',
  'SOURCE',
  'GET,POST',
  'QUERY',
] as const
const wrongTargets = [
  ...[
    '',
    '*',
    '/a b',
    '/a\tb',
    '//h/a',
    'h:80',
    'h',
    '/%00',
    '/a#b',
    '/\x80',
    '/\xff\xfe',
    '/a\0b',
    '?a',
    '\\',
    '/..//..',
  ],
  ...[
    'http://h/a',
    'HTTP://h/a',
    'http://',
    'http://h:99999/',
    'http://a@h/',
    'ftp://h/',
    'http://h\\a',
    'http://[::1]/',
  ],
  ...['/a\rb', '/{}', '/"', '/<a>', 'https://h/?a=http://b/', 'http:/a', 'http:a', 'ws://h/'],
] as const
const wrongVersions = [
  ...[
    'HTTP/1.0',
    'HTTP/1.0',
    'HTTP/1.2',
    'HTTP/0.9',
    'HTTP/2.0',
    'HTTP/1.',
    'HTTP/1',
    'HTTP/11',
    'HTTP/1.10',
    'HTTP/01.1',
  ],
  ...[
    'http/1.1',
    'HTTP/1.1 ',
    'HTTP /1.1',
    'HTTPS/1.1',
    'ICE/1.0',
    'RTSP/1.0',
    '',
    'HTTP/1.1\t',
    'HTTP/1,1',
    'HTTP/9.9',
  ],
] as const
export const wrongEnds = [
  '\n',
  '\r',
  '\r\r\n',
  '\n\n',
  '\r\n\r\n',
  ' \r\n',
  '\t\r\n',
  '\0\r\n',
  '\r \n',
  '',
] as const

const hosts = [
  ...[
    'Host: ',
    'Host: h\r\nHost: h',
    'Host: h\r\nHost: i',
    'Host: h,i',
    'Host: h i',
    'Host: h:80',
    'Host: h:',
    'Host: h:0x50',
  ],
  ...[
    'Host: [::1]',
    'Host: [::1',
    'Host: a@h',
    'Host: h/a',
    'Host: \x80',
    'Host:h',
    'Host:\th',
    'host: h',
    'Host : h',
    ' Host: h',
  ],
  ...[
    'X: h',
    'Host',
    'Host: h\0',
    'Host: h\r\n i',
    'Host:\r\n h',
    'Host: 1.2.3.4.5',
    'Host: h:99999',
    'Host: xn--a',
    'Hos_t: h',
  ],
] as const
/** None that Node 20 upgrades for: it loses what comes behind one. */
const furtherFields = [
  ...[
    'Connection: close',
    'Connection: keep-alive',
    'Connection: close, keep-alive',
    'Connection: Content-Length',
  ],
  ...['Connection: X-M', 'Connection: Transfer-Encoding', 'Upgrade: websocket'],
  ...['Connection:', 'Connection: close\r\nConnection: keep-alive', 'Connection: \tclose'],
  ...['Expect: 100-continue', 'Keep-Alive: timeout=1', 'Proxy-Connection: close'],
  ...[
    'Content-Type: a/b',
    'Content-Type: a/b\r\nContent-Type: a/c',
    'Trailer: X-T',
    'TE: trailers',
    'Date: x',
    'Cookie: a=b',
  ],
  ...[
    'X: a\r\n b',
    'X: a\r\n\tb',
    'X:',
    ': a',
    'X',
    'X : a',
    ' X: a',
    'X\0: a',
    'X: \0',
    'X: \x7f',
    'X: \x80\xff',
    'X: a\rb',
    'X: a\nb',
  ],
  ...[
    'X_Y: a',
    'Content_Length: 5',
    'X-Forwarded-Proto: https',
    'X-Forwarded-For: 1.2.3.4',
    'constructor: a',
    '__proto__: a',
  ],
  ...[
    'X(: a',
    'X": a',
    'X\x80: a',
    'X\t: a',
    'X: a\x01',
    'X@: a',
    'X: \x0b',
    '\tX: a',
    'X: a\r',
    'GET / HTTP/1.1',
    '',
  ],
] as const

/** The fields that say how the body is framed, as they are to be written, and the body. */
export interface Framing {
  readonly fields: readonly string[]
  readonly body: string
}

/** `marker`: what the app names the request by. */
export function head(dice: Dice, marker: string, { fields }: Framing): string {
  const end = (): string => dice.mostly('\r\n', wrongEnds, 150)
  const space = (): string => dice.mostly(' ', ['  ', '\t', '\x0b', '\xa0', ''], 150)
  const method = dice.mostly(dice.of(methods), wrongMethods, 25)
  const target = dice.mostly(`/${marker}`, wrongTargets, 20)
  const version = dice.mostly('HTTP/1.1', wrongVersions, 20)
  const lines = [dice.mostly('Host: h', hosts, 20), `X-M: ${marker}`, ...fields]
  for (let more = dice.below(4); more > 0; more -= 1)
    lines.splice(dice.below(lines.length + 1), 0, dice.mostly('X-Y: z', furtherFields, 6))
  if (dice.oneIn(400)) for (let more = dice.below(120); more > 0; more -= 1) lines.push(`X-${more}: a`)
  const before = dice.mostly('', ['\r\n', '\n', '\r\n\r\n', ' ', '\0', '\r'], 100)
  const first = `${before}${method}${space()}${target}${space()}${version}`
  return `${[first, ...lines].map(line => line + end()).join('')}${end()}`
}
