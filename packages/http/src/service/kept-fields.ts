/** The header fields of a request whose socket was taken over, which may therefore last for days. */
import type { IncomingMessage } from 'node:http'

/** One string instead of an array of many: the fields are read once, by an access log or a hook, or never. */
export class KeptFields {
  /** What Node made of fields that occurred more than once. The others are in `rawHeaders`. */
  readonly headers: IncomingMessage['headers']
  private readonly text: string
  private readonly minor: number

  constructor(req: Pick<IncomingMessage, 'headers' | 'rawHeaders' | 'httpVersionMinor'>) {
    const { rawHeaders, httpVersionMinor } = req
    this.headers = repeated(req)
    // Flattened: a joined string keeps its pieces until it is read as bytes.
    this.text = Buffer.from(rawHeaders.join(separator), 'latin1').toString('latin1')
    this.minor = httpVersionMinor
  }

  get httpVersion(): string {
    return `1.${this.minor}`
  }

  get rawHeaders(): string[] {
    return this.text === '' ? [] : this.text.split(separator)
  }
}

/** Never part of a field, because the parser refuses it. */
const separator = '\n'

/** Shared by all requests without repeated fields, which are nearly all. */
const none: IncomingMessage['headers'] = Object.freeze({})

function repeated({
  headers,
  rawHeaders,
}: Pick<IncomingMessage, 'headers' | 'rawHeaders'>): IncomingMessage['headers'] {
  const names = rawHeaders.filter((_, index) => index % 2 === 0).map(name => name.toLowerCase())
  if (new Set(names).size === names.length) return none
  const twice = names.filter((name, index) => names.indexOf(name) !== index)
  return Object.fromEntries(twice.map(name => [name, headers[name]]))
}
