/** Kinds of settings that are text, or lists and tables of text. */
import { isIP } from 'node:net'
import * as v from 'valibot'
import { parseAccessFormat } from '../access-log/access-format.js'
import { secretFields } from '../access-log/atoms.js'
import { maxSkipPatterns, skipPatternProblem } from '../access-log/skipping.js'
import { type ForwardedHeader, forwardedHeaders } from '../contract/worker-settings.js'
import { addressForms, parseAddress } from '../sockets/address.js'
import type { CertificateFiles } from '../tls/certificate-files.js'
import { lastText, type ValueKind } from './value-kind.js'

/** Any text, including the empty one. */
export const text: ValueKind<string> = { schema: v.string(), expected: 'a string', parse: lastText }

/** Text that is not blank. */
export const filledText: ValueKind<string> = {
  schema: v.pipe(v.string(), v.regex(/\S/)),
  expected: 'a string that is not empty',
  parse: lastText,
}

/** One of the given words. */
export function choice<const Words extends readonly [string, ...string[]]>(
  words: Words,
): ValueKind<Words[number]> {
  return {
    schema: v.picklist(words),
    expected: `one of ${words.map(word => JSON.stringify(word)).join(', ')}`,
    parse: lastText,
  }
}

/** One text, or a list of texts. The result is always a list. */
const textOrTexts = v.union([
  v.pipe(
    v.string(),
    v.transform(single => [single]),
  ),
  v.array(v.string()),
])

/** A user or a group: a name, or a number. Empty: none. */
export const account: ValueKind<string> = {
  schema: v.union([v.string(), v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.transform(String))]),
  expected: 'a name or a number',
  parse: lastText,
}

/** A setting that is on or off. */
export const onOrOff: ValueKind<boolean> = {
  schema: v.boolean(),
  expected: 'true or false',
  parse: texts => ({ true: true, false: false })[lastText(texts)] ?? lastText(texts),
}

/** Files: one, or a list. */
export const paths: ValueKind<readonly string[]> = {
  schema: v.pipe(textOrTexts, v.array(v.pipe(v.string(), v.regex(/\S/)))),
  expected: 'a path or a list of them',
  parse: oneOrAll,
}

/** Options of a program. The first must be an option, because anything else would be a file to run. */
export const nodeOptions: ValueKind<readonly string[]> = {
  schema: v.pipe(
    textOrTexts,
    v.array(v.pipe(v.string(), v.regex(/\S/))),
    v.check(([first]) => first === undefined || first.startsWith('-'), 'the first one begins with "-"'),
  ),
  expected: 'options of Node.js',
  parse: oneOrAll,
}

/** Addresses to bind: one, or a list. */
export const addresses: ValueKind<readonly string[]> = {
  schema: v.pipe(
    textOrTexts,
    v.array(
      v.pipe(
        v.string(),
        v.check(isAddress, issue => addressProblem(issue.input)),
      ),
    ),
  ),
  expected: `an address (${addressForms}) or a list of them`,
  parse: oneOrAll,
}

/** Certificates with their keys: objects, or texts as on the command line. */
export const certificates: ValueKind<readonly CertificateFiles[]> = {
  schema: v.array(
    v.union([
      v.strictObject({ certfile: v.pipe(v.string(), v.regex(/\S/)), keyfile: v.optional(v.string(), '') }),
      v.pipe(v.string(), v.regex(/^[^,]*[^,\s][^,]*(,[^,]+)?$/), v.transform(filesOf)),
    ]),
  ),
  expected: 'a list of { certfile, keyfile }',
  parse: texts => texts,
}

/** A list, or one text separated by commas. */
const textsWithCommas = v.pipe(
  textOrTexts,
  v.transform(texts => texts.flatMap(splitCommas)),
)

/** Peers: a list, or one text separated by commas. */
export const peers: ValueKind<readonly string[]> = {
  schema: v.pipe(
    textsWithCommas,
    v.array(
      v.pipe(
        v.string(),
        v.check(isPeer, issue => `\`${issue.input}\` is none of them`),
      ),
    ),
  ),
  expected: 'IP addresses, CIDR ranges or "*"',
  parse: oneOrAll,
}

/** Forwarded fields, in any case: a list, or one text separated by commas. */
export const forwardedFields: ValueKind<readonly ForwardedHeader[]> = {
  schema: v.pipe(
    textOrTexts,
    v.transform(texts => texts.flatMap(splitCommas).map(spelled)),
    v.array(v.picklist(forwardedHeaders, issue => `\`${issue.input}\` is none of them`)),
  ),
  expected: `some of ${forwardedHeaders.join(', ')}`,
  parse: oneOrAll,
}

/** Name of a header field, or nothing. */
export const fieldName: ValueKind<string> = {
  schema: v.pipe(v.string(), v.regex(/^[\w!#$%&'*+.^`|~-]*$/)),
  expected: 'the name of a header field',
  parse: lastText,
}

/** Names of header fields that may be logged: a list, or one text separated by commas. The result is in lower case. */
export const loggedFields: ValueKind<readonly string[]> = {
  schema: v.pipe(
    textOrTexts,
    v.transform(texts => texts.flatMap(splitCommas).map(name => name.toLowerCase())),
    v.array(
      v.pipe(
        v.string(),
        v.regex(/^[\w!#$%&'*+.^`|~-]+$/, issue => `\`${issue.input}\` is none`),
        v.check(
          name => !secretFields.has(name),
          issue => `\`${issue.input}\` would write passwords to the log`,
        ),
      ),
    ),
  ),
  expected: 'names of header fields',
  parse: oneOrAll,
}

/** Requests that are not logged: a list, or one text separated by commas. */
export const skipPatterns: ValueKind<readonly string[]> = {
  schema: v.pipe(
    textsWithCommas,
    v.array(
      v.pipe(
        v.string(),
        v.check(
          pattern => skipPatternProblem(pattern) === undefined,
          issue => skipPatternProblem(issue.input) ?? '',
        ),
      ),
    ),
    v.maxLength(maxSkipPatterns),
  ),
  expected: `up to ${maxSkipPatterns} paths or beginnings of user agents`,
  parse: oneOrAll,
}

/** The format of lines in the access log. */
export const accessFormat: ValueKind<string> = {
  schema: v.pipe(
    v.string(),
    v.check(
      candidate => formatProblem(candidate) === undefined,
      issue => formatProblem(issue.input) ?? '',
    ),
  ),
  expected: '"json" or a format of atoms such as %(h)s',
  parse: lastText,
}

/** Environment variables: names and texts. */
export const variables: ValueKind<Readonly<Record<string, string>>> = {
  schema: v.record(v.pipe(v.string(), v.regex(/^[^=\0]+$/)), v.string()),
  expected: 'variables with string values (KEY=VALUE on the command line)',
  parse: texts => pairs(texts, value => value),
}

/** Options of a worker class. The class's own schema checks the values; workers receive them as JSON. */
export const options: ValueKind<Readonly<Record<string, unknown>>> = {
  schema: v.record(v.string(), v.pipe(v.unknown(), v.check(isJson, 'workers receive options as JSON'))),
  expected: 'an object of options (KEY=VALUE on the command line)',
  parse: texts => pairs(texts, typedValue),
}

function filesOf(pair: string): CertificateFiles {
  const [certfile = '', keyfile = ''] = pair.split(',')
  return { certfile, keyfile }
}

/** A single text stays a text, so that messages do not mention a list that the user did not write. */
function oneOrAll(texts: readonly string[]): string | readonly string[] {
  return texts.length === 1 ? lastText(texts) : texts
}

function isAddress(candidate: string): boolean {
  return parseAddress(candidate, '/').ok
}

function addressProblem(candidate: string): string {
  const parsed = parseAddress(candidate, '/')
  return parsed.ok ? '' : parsed.problem
}

function formatProblem(candidate: string): string | undefined {
  const parsed = parseAccessFormat(candidate)
  return parsed.ok ? undefined : parsed.problem
}

function splitCommas(list: string): string[] {
  return list
    .split(',')
    .map(part => part.trim())
    .filter(part => part !== '')
}

function spelled(name: string): string {
  return forwardedHeaders.find(known => known.toLowerCase() === name.toLowerCase()) ?? name
}

function isPeer(candidate: string): boolean {
  if (candidate === '*') return true
  const [host = '', prefix, ...rest] = candidate.split('/')
  const family = isIP(host)
  if (family === 0 || rest.length > 0) return false
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128))
}

/** Whether a value survives a round trip through JSON. */
function isJson(candidate: unknown): boolean {
  if (candidate === null || typeof candidate === 'string' || typeof candidate === 'boolean') return true
  if (typeof candidate === 'number') return Number.isFinite(candidate)
  if (candidate === undefined) return true
  if (typeof candidate !== 'object') return false
  if (Array.isArray(candidate)) return candidate.every(isJson)
  const prototype: unknown = Object.getPrototypeOf(candidate)
  // A config file may have been evaluated in another realm, so a plain object is recognised by its prototype chain.
  const isPlain =
    prototype === null || (typeof prototype === 'object' && Object.getPrototypeOf(prototype) === null)
  return isPlain && Object.values(candidate).every(isJson)
}

/** The pairs as an object, or the first text that is not a pair. */
function pairs<Value>(
  texts: readonly string[],
  read: (text: string) => Value,
): Readonly<Record<string, Value>> | string {
  const wrong = texts.find(pair => pair.indexOf('=') < 1)
  if (wrong !== undefined) return wrong
  return Object.fromEntries(
    texts.map(pair => {
      const separator = pair.indexOf('=')
      return [pair.slice(0, separator), read(pair.slice(separator + 1))]
    }),
  )
}

/** The value of JSON text (numbers, booleans, null, quoted strings, arrays, objects), otherwise the text itself. */
function typedValue(written: string): unknown {
  try {
    const value: unknown = JSON.parse(written)
    return value
  } catch {
    return written
  }
}
