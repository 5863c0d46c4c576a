/** The id of a request: taken from a proxy that is trusted, else made. It goes to the app, and back to the client. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { WorkerSettings } from '@tunicorn/arbiter/worker'
import { TrustedPeers } from '../forwarded/trusted-peers.js'
import type { HeadLine } from './watch-head.js'

type IdSettings = Pick<WorkerSettings, 'requestIdHeader' | 'forwardedAllowIps'>

export class RequestIds {
  /** As it was asked for: names are sent in that case. */
  readonly #name: string
  readonly #key: string
  readonly #peers: TrustedPeers
  /** Not an import: it would cost the boot of every worker 3 to 7 ms, and most have no ids to make. */
  readonly #makeId = process.getBuiltinModule('node:crypto').randomUUID

  /** Absent when requests are to have none. */
  static of(settings: IdSettings): RequestIds | undefined {
    return settings.requestIdHeader === '' ? undefined : new RequestIds(settings)
  }

  private constructor({ requestIdHeader, forwardedAllowIps }: IdSettings) {
    this.#name = requestIdHeader
    this.#key = requestIdHeader.toLowerCase()
    this.#peers = new TrustedPeers(forwardedAllowIps)
  }

  /** For a request of this peer; `undefined` is one on a Unix socket. */
  idOf({ rawHeaders }: IncomingMessage, peer: string | undefined): string {
    const given = this.#given(rawHeaders)
    const isBelieved = given !== undefined && isId.test(given) && this.#peers.trusts(peer)
    return isBelieved ? given : this.made()
  }

  /** Of a request whose head could not be read. */
  made(): string {
    return this.#makeId()
  }

  /** The field of an answer that no response is made for. */
  fieldOf(id: string): Readonly<Record<string, string>> {
    return { [this.#name]: id }
  }

  /** For a head that the app writes to the socket itself. */
  lineOf(id: string): HeadLine {
    return { name: this.#key, text: `${this.#name}: ${id}\r\n` }
  }

  /** The app may still say otherwise. */
  answerWith(res: ServerResponse, id: string): void {
    res.setHeader(this.#name, id)
  }

  /** The app gets this id and no other. Not before the fields were counted: the client is not to blame for this one. */
  passOn(req: IncomingMessage, id: string): void {
    if (this.#given(req.rawHeaders) === id) return
    const others: string[] = []
    for (let index = 0; index < req.rawHeaders.length; index += 2) {
      const [name = '', value = ''] = req.rawHeaders.slice(index, index + 2)
      if (name.toLowerCase() !== this.#key) others.push(name, value)
    }
    req.rawHeaders = [...others, this.#name, id]
    // Somebody may have read them before.
    req.headers[this.#key] = id
  }

  /** The only value; of several nobody knows which is meant. */
  #given(rawHeaders: readonly string[]): string | undefined {
    let found: string | undefined
    for (let index = 0; index < rawHeaders.length; index += 2) {
      const name = rawHeaders[index]
      if (name?.length !== this.#key.length || name.toLowerCase() !== this.#key) continue
      if (found !== undefined) return undefined
      found = rawHeaders[index + 1]
    }
    return found
  }
}

const isId = /^[\x21-\x7e]{1,200}$/
