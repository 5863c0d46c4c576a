/** The values of Gunicorn's atoms. A missing value is `-`. Escaping is left to the format. */
import { traceIdOf } from '../contract/trace-id.js'
import { type AccessWorker, statusOf, userOf } from './access-entry.js'
import { CommonLogTime } from './common-log-time.js'
import type { Atom } from './line-part.js'

/** What a format needs to know about a response besides its status. */
export interface AtomNeeds {
  readonly bytes: boolean
  readonly header: boolean
}

/** A value, and the text that follows it. */
export interface AtomPiece {
  readonly atom: Atom
  readonly after: string
}

/** Creates an atom for a worker, from one value or from several in sequence. */
export type AtomMaker = (worker: AccessWorker) => Atom | readonly AtomPiece[]

const queryStart = (target: string): number => {
  const index = target.indexOf('?')
  return index === -1 ? target.length : index
}

/** Three separate pieces: a client that asks for another target still sends the same method and protocol. */
const requestLine: readonly AtomPiece[] = [
  { atom: ({ head }) => head.method, after: ' ' },
  { atom: ({ head }) => head.target, after: '' },
  { atom: ({ head: { protocol } }) => (protocol === undefined ? '' : ` ${protocol}`), after: '' },
]

const simple: Readonly<Record<string, AtomMaker>> = {
  h: () => entry => entry.head.remoteAddress,
  l: () => () => undefined,
  u: () => entry => userOf(entry.head),
  t: () => {
    const time = new CommonLogTime()
    return entry => time.text(entry.at)
  },
  r: () => requestLine,
  m: () => entry => entry.head.method,
  U: () => entry => entry.head.target.slice(0, queryStart(entry.head.target)),
  q: () => entry => entry.head.target.slice(queryStart(entry.head.target) + 1),
  H: () => entry => entry.head.protocol,
  s: () => entry => statusOf(entry.outcome),
  B: () => entry => entry.outcome.bytes,
  b: () => entry => entry.outcome.bytes,
  f: () => entry => entry.head.header?.('referer'),
  a: () => entry => entry.head.header?.('user-agent'),
  T: () => entry => Math.floor(entry.durationMs / 1_000),
  M: () => entry => Math.floor(entry.durationMs),
  D: () => entry => Math.floor(entry.durationMs * 1_000),
  L: () => entry => (entry.durationMs / 1_000).toFixed(6),
  p:
    ({ pid }) =>
    () =>
      `<${pid}>`,
  request_id: () => entry => entry.head.id,
  trace_id: () => entry => traceIdOf(entry.head),
}

const named: Readonly<Record<string, (name: string) => AtomMaker>> = {
  i: name => () => entry => entry.head.header?.(name.toLowerCase()),
  o: name => () => entry => entry.outcome.header?.(name.toLowerCase()),
  e:
    name =>
    ({ env }) => {
      const value = env[name]
      return () => value
    },
}

/** The names of all atoms, for messages and the documentation. */
export const atomNames: readonly string[] = [
  ...Object.keys(simple),
  ...Object.keys(named).map(kind => `{NAME}${kind}`),
]

/** Headers whose whole value is a credential. */
export const secretFields: ReadonlySet<string> = new Set(['authorization', 'proxy-authorization'])

/** The atom for the text between the parentheses, or why there is none. */
export function atomOf(
  text: string,
): { readonly make: AtomMaker; readonly needs: AtomNeeds } | { readonly problem: string } {
  const [, name = '', kind = ''] = /^\{([^{}]+)\}(.*)$/.exec(text) ?? []
  const make = name === '' ? own(simple, text) : own(named, kind)?.(name)
  if (make === undefined) return { problem: `\`%(${text})s\` is not an atom` }
  if (kind === 'i' && secretFields.has(name.toLowerCase()))
    return { problem: `\`%(${text})s\` would write passwords to the log` }
  return { make, needs: { bytes: text === 'B' || text === 'b', header: kind === 'o' } }
}

function own<Value>(table: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined
}
