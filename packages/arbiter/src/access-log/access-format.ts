/** Compiles the setting `accessLogFormat` into a function that writes a line, once per worker. */
import { visible } from '../escape-controls.js'
import type { AccessEntry, AccessWorker } from './access-entry.js'
import { type AtomMaker, type AtomNeeds, type AtomPiece, atomNames, atomOf } from './atoms.js'
import { jsonLine } from './json-line.js'
import { type Atom, joined, LinePart, type Value } from './line-part.js'

/** Gunicorn's default. */
export const defaultAccessFormat = '%(h)s %(l)s %(u)s %(t)s "%(r)s" %(s)s %(b)s "%(f)s" "%(a)s"'

/** Writes the text of one line, without its newline. */
export type LineWriter = (entry: AccessEntry) => string

interface AccessFormat {
  readonly needs: AtomNeeds
  for(worker: AccessWorker): LineWriter
}

export type ParsedFormat =
  | { readonly ok: true; readonly format: AccessFormat }
  | { readonly ok: false; readonly problem: string }

const json: AccessFormat = { needs: { bytes: true, header: false }, for: jsonLine }

/** `json`, or text with Gunicorn's atoms: `%(name)s`, and `%%` for a percent sign. Positions count from 1. */
export function parseAccessFormat(text: string): ParsedFormat {
  if (text === 'json') return { ok: true, format: json }
  const makers: AtomMaker[] = []
  const literals: string[] = ['']
  let needs: AtomNeeds = { bytes: false, header: false }
  const literal = (part: string): void => void literals.push(`${literals.pop()}${part}`)
  for (const { 0: token, 1: name, index } of text.matchAll(/%\(([^()]*)\)s|%%|%|[^%]+/g)) {
    if (name !== undefined) {
      const atom = atomOf(name)
      if ('problem' in atom) return refused(atom.problem, index)
      makers.push(atom.make)
      literals.push('')
      needs = { bytes: needs.bytes || atom.needs.bytes, header: needs.header || atom.needs.header }
    } else if (token === '%') return refused('a `%` begins neither `%(NAME)s` nor `%%`', index)
    else literal(token === '%%' ? '%' : token)
  }
  if (makers.length === 0) return { ok: false, problem: withoutAtom(text) }
  if (/[\p{Cc}\u2028\u2029]/u.test(text))
    return { ok: false, problem: 'it has a control character, and a line of the log is one line' }
  return { ok: true, format: { needs, for: worker => lineWriter(literals, makers, worker) } }
}

function withoutAtom(text: string): string {
  const hint = text.toLowerCase() === 'json' ? '; "json" is written small' : ''
  return `it has no atom, and every line would be the same${hint}`
}

function refused(problem: string, index: number): ParsedFormat {
  return {
    ok: false,
    problem: `${problem}, at position ${index + 1}; the atoms are %(X)s where X is one of ${atomNames.join(' ')}`,
  }
}

function lineWriter(
  [first = '', ...rest]: readonly string[],
  makers: readonly AtomMaker[],
  worker: AccessWorker,
): LineWriter {
  const parts = makers.flatMap((make, index) => partsOf(make(worker), rest[index] ?? ''))
  return entry => joined(first, parts, entry)
}

/** `end` is the text that follows the atom. */
function partsOf(made: Atom | readonly AtomPiece[], end: string): readonly LinePart[] {
  const pieces = typeof made === 'function' ? [{ atom: made, after: '' }] : made
  return pieces.map(({ atom, after }, index) => {
    const text = index === pieces.length - 1 ? after + end : after
    return new LinePart(atom, value => escapeAtom(value) + text)
  })
}

const special = /["\\\p{Cc}\u2028\u2029]/u
const everySpecial = /["\\\p{Cc}\u2028\u2029]/gu

/** Escapes a value, so that it cannot end its quotes or its line. */
function escapeAtom(value: Value): string {
  if (value === undefined) return '-'
  if (typeof value === 'number' || !special.test(value)) return String(value)
  return value.replace(everySpecial, character =>
    character === '"' || character === '\\' ? `\\${character}` : visible(character),
  )
}
