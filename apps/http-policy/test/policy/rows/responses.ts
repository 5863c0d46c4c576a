/** What an app may say, and what a client gets of it. `/say` answers as its query tells it to. */
import { get, type Row, request } from '../row.js'

interface Saying {
  readonly status?: number
  readonly fields?: readonly string[]
  readonly parts?: readonly string[]
  readonly method?: string
}

/** The target that makes an app say so. */
function say({ status = 200, fields = [], parts = ['hello'] }: Saying): string {
  const words = new URLSearchParams([
    ['status', String(status)],
    ...fields.map((field): [string, string] => ['field', field]),
    ...parts.map((part): [string, string] => ['part', part]),
  ])
  return `/say?${words}`
}

type Result = Pick<Row, 'answers' | 'connection'> & Partial<Pick<Row, 'kinds' | 'logs' | 'but'>>

/** Said at once with `writeHead`, and field by field with `setHeader`, which other kinds do not tell apart. */
function rows(given: string, saying: Saying, result: Result): readonly Row[] {
  const method = saying.method ?? 'GET'
  const row = (target: string): Row => ({
    given: `an app with ${given}`,
    sends: request(`${method} ${target} HTTP/1.1`, 'Host: h'),
    sees: [`${method} ${target}`],
    ...result,
  })
  const isForNode = result.kinds === undefined || result.kinds.includes('node')
  return [
    row(say(saying)),
    ...(isForNode
      ? [{ ...row(`${say(saying)}&set`), given: `an app that sets ${given}`, kinds: ['node'] as const }]
      : []),
  ]
}

const ok = { answers: [[200, 'hello']], connection: 'kept' } as const
const failed = { answers: [500], connection: 'closed', logs: /content-length/i } as const
const cut = { answers: [], connection: 'cut', logs: /content-length/i } as const

export const responseRows: readonly Row[] = [
  ...rows('a length and a body of it', { fields: ['content-length: 5'] }, ok),
  ...rows('a length and a longer body', { fields: ['content-length: 5'], parts: ['hello world'] }, failed),
  ...rows('a length and a shorter body', { fields: ['content-length: 50'] }, failed),
  ...rows('a length and no body', { fields: ['content-length: 50'], parts: [] }, failed),
  ...rows('a length of 0 and a body', { fields: ['content-length: 0'] }, failed),
  ...rows('a length that is none', { fields: ['content-length: abc'] }, failed),
  ...rows('a negative length', { fields: ['content-length: -1'] }, failed),
  ...rows('a length and parts of it', { fields: ['content-length: 5'], parts: ['hel', 'lo'] }, ok),
  ...rows('chunks of its own', { fields: ['transfer-encoding: chunked'] }, ok),
  ...rows('another coding', { fields: ['transfer-encoding: gzip'] }, ok),
  ...rows('chunks beside a length', { fields: ['transfer-encoding: chunked', 'content-length: 5'] }, ok),
  ...rows('a body in parts', { parts: ['hel', 'lo'] }, ok),
  ...rows('chunks in parts', { fields: ['transfer-encoding: chunked'], parts: ['hel', 'lo'] }, ok),
  ...rows(
    'a body with 204',
    { status: 204 },
    { answers: [[204, '']], connection: 'kept', kinds: ['node', 'asgi'] },
  ),
  ...rows(
    'a length with 204',
    { status: 204, fields: ['content-length: 5'] },
    { answers: [[204, '']], connection: 'kept', kinds: ['node', 'asgi'] },
  ),
  ...rows(
    'a body with 304',
    { status: 304 },
    { answers: [[304, '']], connection: 'kept', kinds: ['node', 'asgi'] },
  ),
  ...rows('a body for HEAD', { method: 'HEAD' }, { answers: [[200, '']], connection: 'kept' }),
  ...rows(
    'a length and a shorter body for HEAD',
    { method: 'HEAD', fields: ['content-length: 50'] },
    { answers: [[200, '']], connection: 'kept' },
  ),
  ...rows('`Connection: keep-alive`', { fields: ['connection: keep-alive', 'keep-alive: timeout=1000'] }, ok),
  ...rows(
    '`Connection: close`',
    { fields: ['connection: close'] },
    { answers: [[200, 'hello']], connection: 'closed' },
  ),
  ...rows('a length and longer parts', { fields: ['content-length: 5'], parts: ['hel', 'lo world'] }, cut),
  ...rows('a length and shorter parts', { fields: ['content-length: 50'], parts: ['hel', 'lo'] }, cut),
  {
    given: 'an app with `Connection: keep-alive` for a client that wants an end',
    sends: get(say({ fields: ['connection: keep-alive'] }), 'Connection: close'),
    answers: [[200, 'hello']],
    connection: 'closed',
    sees: [`GET ${say({ fields: ['connection: keep-alive'] })}`],
  },
  {
    given: 'an app with chunks for a client of HTTP/1.0',
    sends: request(`GET ${say({ fields: ['transfer-encoding: chunked'], parts: ['hel', 'lo'] })} HTTP/1.0`),
    answers: [[200, 'hello']],
    connection: 'closed',
    sees: [`GET ${say({ fields: ['transfer-encoding: chunked'], parts: ['hel', 'lo'] })}`],
  },
]
