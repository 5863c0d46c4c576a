/** The header fields of a request whose socket was taken over, and which may therefore last for days. */
import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'

/** One text in place of a list of many: they are wanted once, by an access log or a hook, or never. */
export class KeptFields {
  private readonly text: string
  private readonly minor: number

  constructor({ rawHeaders, httpVersionMinor }: Pick<IncomingMessage, 'rawHeaders' | 'httpVersionMinor'>) {
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

  get headers(): IncomingMessage['headers'] {
    const req = new IncomingMessage(new Socket())
    req.rawHeaders = this.rawHeaders
    return req.headers
  }
}

/** In no field: the parser refuses it. */
const separator = '\n'
