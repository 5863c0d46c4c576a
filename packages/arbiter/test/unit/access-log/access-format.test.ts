import { describe, expect, test } from 'vitest'
import type { AccessEntry, AccessWorker } from '../../../src/access-log/access-entry.js'
import { defaultAccessFormat, parseAccessFormat } from '../../../src/access-log/access-format.js'
import type { RequestHead } from '../../../src/contract/request.js'

const worker: AccessWorker = { group: 'web', age: 3, generation: 2, pid: 412, env: { HOME: '/root' } }

const headers: Readonly<Record<string, string>> = {
  authorization: `Basic ${Buffer.from('bob:secret').toString('base64')}`,
  referer: 'http://example.org/',
  'user-agent': 'Mozilla/5.0',
}

const head: RequestHead = {
  method: 'GET',
  target: '/a/b?c=d&e',
  protocol: 'HTTP/1.1',
  remoteAddress: '192.0.2.1',
  header: name => headers[name],
}

const entry: AccessEntry = {
  head,
  outcome: { type: 'sent', status: 200, bytes: 5, header: name => (name === 'etag' ? '"x"' : undefined) },
  durationMs: 1_234.5678,
  at: Date.UTC(2026, 10, 22, 15, 10, 25),
}

function lineOf(format: string, changes: Partial<AccessEntry> = {}): string {
  const parsed = parseAccessFormat(format)
  if (!parsed.ok) throw new Error(parsed.problem)
  return parsed.format.for(worker)({ ...entry, ...changes })
}

const withHead = (changes: Partial<RequestHead>): Partial<AccessEntry> => ({ head: { ...head, ...changes } })

describe('an atom', () => {
  const atoms: readonly (readonly [string, string])[] = [
    ['h', '192.0.2.1'],
    ['l', '-'],
    ['u', 'bob'],
    ['r', 'GET /a/b?c=d&e HTTP/1.1'],
    ['m', 'GET'],
    ['U', '/a/b'],
    ['q', 'c=d&e'],
    ['H', 'HTTP/1.1'],
    ['s', '200'],
    ['B', '5'],
    ['b', '5'],
    ['f', 'http://example.org/'],
    ['a', 'Mozilla/5.0'],
    ['T', '1'],
    ['M', '1234'],
    ['D', '1234567'],
    ['L', '1.234568'],
    ['p', '<412>'],
    ['{User-Agent}i', 'Mozilla/5.0'],
    ['{X-Unknown}i', '-'],
    ['{ETag}o', '\\"x\\"'],
    ['{X-Unknown}o', '-'],
    ['{HOME}e', '/root'],
    ['{UNKNOWN}e', '-'],
  ]
  for (const [atom, text] of atoms)
    test(`%(${atom})s is ${text}`, () => {
      expect(lineOf(`<%(${atom})s>`)).toBe(`<${text}>`)
    })

  test('%(t)s is the local time with its distance to UTC', () => {
    expect(lineOf('%(t)s')).toMatch(/^\[2[123]\/Nov\/2026:\d\d:\d\d:25 [+-]\d{4}\]$/)
  })

  test('is a dash where nothing is known', () => {
    const bare = { head: { method: 'GET', target: '/' }, outcome: { type: 'sent' } } as const
    expect(lineOf(defaultAccessFormat, bare)).toMatch(/^- - - \[.*\] "GET \/" - - "-" "-"$/)
  })

  test('has no query where the target has none', () => {
    expect(lineOf('%(U)s?%(q)s.', withHead({ target: '/a' }))).toBe('/a?.')
  })
})

test('a client that left before it saw a status is counted as 499', () => {
  expect(lineOf('%(s)s', { outcome: { type: 'aborted' } })).toBe('499')
  expect(lineOf('%(s)s', { outcome: { type: 'aborted', status: 200 } })).toBe('200')
})

describe('a value from outside', () => {
  test('cannot end its quotes or its line', () => {
    const target = '/"\\\n\r\t\u001b[31m\u0085\u2028x'
    expect(lineOf('"%(r)s"', withHead({ target, protocol: 'P' }))).toBe(
      String.raw`"GET /\"\\\n\r\t\x1b[31m\x85\u2028x P"`,
    )
  })

  test('stays one line of JSON', () => {
    const target = '/"\n\u0085\u2028'
    const line = lineOf('json', withHead({ target }))
    expect(line).toMatch(/^[ -~]*$/)
    expect(JSON.parse(line)).toMatchObject({ target })
  })

  test('gives a name only when it is a name and a password', () => {
    const userOf = (authorization: string): string =>
      lineOf('%(u)s', withHead({ header: () => authorization }))
    expect(userOf('Bearer abc')).toBe('-')
    expect(userOf('Basic %%%')).toBe('-')
    expect(userOf(`basic ${Buffer.from('näme').toString('base64')}`)).toBe('näme')
    expect(userOf(`Basic ${Buffer.from('a"\nb:c').toString('base64')}`)).toBe('a\\"\\nb')
  })
})

test('JSON has what is known, and neither password nor headers that nobody asked for', () => {
  const line = lineOf('json')
  expect(JSON.parse(line)).toEqual({
    time: '2026-11-22T15:10:25.000Z',
    group: 'web',
    worker: 3,
    gen: 2,
    pid: 412,
    remoteAddress: '192.0.2.1',
    user: 'bob',
    method: 'GET',
    target: '/a/b?c=d&e',
    protocol: 'HTTP/1.1',
    status: 200,
    outcome: 'sent',
    bytes: 5,
    ms: 1234.568,
    referer: 'http://example.org/',
    userAgent: 'Mozilla/5.0',
  })
})

test('every line has the values of its own request, whatever the ones before it had', () => {
  const changes: readonly Partial<AccessEntry>[] = [
    {},
    withHead({ target: '/b', remoteAddress: undefined, header: () => undefined }),
    { outcome: { type: 'aborted' }, at: entry.at + 999, durationMs: 1 },
    { at: entry.at + 1_000 },
    {},
    {},
  ]
  for (const format of [defaultAccessFormat, 'json']) {
    const parsed = parseAccessFormat(format)
    if (!parsed.ok) throw new Error(parsed.problem)
    const write = parsed.format.for(worker)
    const lines = changes.map(change => write({ ...entry, ...change }))
    expect(lines).toEqual(changes.map(change => lineOf(format, change)))
    expect(new Set(lines).size).toBe(4)
  }
})

test('text between atoms is taken as it is, and two percent signs are one', () => {
  expect(lineOf('100%% of %(m)s (%%(m)s)')).toBe('100% of GET (%(m)s)')
})

test('only what a format uses is asked of responses', () => {
  const needsOf = (format: string): unknown => {
    const parsed = parseAccessFormat(format)
    return parsed.ok && parsed.format.needs
  }
  expect(needsOf('%(h)s %(s)s')).toEqual({ bytes: false, header: false })
  expect(needsOf(defaultAccessFormat)).toEqual({ bytes: true, header: false })
  expect(needsOf('json')).toEqual({ bytes: true, header: false })
  expect(needsOf('%({etag}o)s')).toEqual({ bytes: false, header: true })
})

describe('a format is refused', () => {
  const wrong: readonly (readonly [string, RegExp])[] = [
    ['%(h)s %(z)s', /^`%\(z\)s` is not an atom, at position 7; /],
    ['%(constructor)s', /is not an atom, at position 1; /],
    ['%({x}z)s', /is not an atom, at position 1; /],
    ['%({}i)s', /is not an atom, at position 1; /],
    ['%(s)d', /^a `%` begins neither `%\(NAME\)s` nor `%%`, at position 1; /],
    ['50%', /at position 3; /],
    ['%h', /at position 1; /],
    ['%({Authorization}i)s', /^`%\(\{Authorization\}i\)s` would write passwords to the log, at position 1; /],
    ['%(h)s\n%(s)s', /control character/],
    ['JSON', /^it has no atom, and every line would be the same; "json" is written small/],
    ['combined', /^it has no atom, and every line would be the same$/],
  ]
  for (const [format, problem] of wrong)
    test(`when it is ${JSON.stringify(format)}`, () => {
      expect(parseAccessFormat(format)).toEqual({ ok: false, problem: expect.stringMatching(problem) })
    })
})
