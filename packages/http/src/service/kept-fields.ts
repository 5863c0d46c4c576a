/** The header fields of a request whose socket was taken over, and which may therefore last for days. */
import type { IncomingMessage } from 'node:http'

/** One text in place of a list of many: they are wanted once, by an access log or a hook, or never. */
export class KeptFields {
  /** What Node has made of those that came more than once; the others are in `rawHeaders`. */
  readonly headers: IncomingMessage['headers']
  private readonly text: string
  private readonly minor: number

  constructor(req: Pick<IncomingMessage, 'headers' | 'rawHeaders' | 'httpVersionMinor'>) {
    const { rawHeaders, httpVersionMinor } = req
    this.headers = repeated(req)
    // In one piece, which a text that was put together from others is only once it was looked into as bytes.
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

/** In no field: the parser refuses it. */
const separator = '\n'

/** One object for all requests without any, which are nearly all. */
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
