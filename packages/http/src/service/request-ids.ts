/** The id of a request. It is taken from a trusted proxy, or else made here. It goes to the app and back to the client. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { WorkerSettings } from '@tunicorn/arbiter/worker'
import { TrustedPeers } from '../forwarded/trusted-peers.js'
import type { HeadLine } from './watch-head.js'

type IdSettings = Pick<WorkerSettings, 'requestIdHeader' | 'forwardedAllowIps'>

export class RequestIds {
  /** The name as configured; it is sent in that case. */
  readonly #name: string
  readonly #key: string
  readonly #peers: TrustedPeers
  /** Not an import, which would add 3 to 7 ms to the boot of every worker, although most have no ids to make. */
  readonly #makeId = process.getBuiltinModule('node:crypto').randomUUID

  /** Absent when requests are to have no ids. */
  static of(settings: IdSettings): RequestIds | undefined {
    return settings.requestIdHeader === '' ? undefined : new RequestIds(settings)
  }

  private constructor({ requestIdHeader, forwardedAllowIps }: IdSettings) {
    this.#name = requestIdHeader
    this.#key = requestIdHeader.toLowerCase()
    this.#peers = new TrustedPeers(forwardedAllowIps)
  }

  /** The id of a request from this peer. `undefined`: a peer on a Unix socket. */
  idOf({ rawHeaders }: IncomingMessage, peer: string | undefined): string {
    const given = this.#given(rawHeaders)
    const isBelieved = given !== undefined && isId.test(given) && this.#peers.trusts(peer)
    return isBelieved ? given : this.made()
  }

  /** An id for a request whose head could not be read. */
  made(): string {
    return this.#makeId()
  }

  /** The header field for an answer that has no response object. */
  fieldOf(id: string): Readonly<Record<string, string>> {
    return { [this.#name]: id }
  }

  /** The line for a head that the app itself writes to the socket. */
  lineOf(id: string): HeadLine {
    return { name: this.#key, text: `${this.#name}: ${id}\r\n` }
  }

  /** The app may still change it. */
  answerWith(res: ServerResponse, id: string): void {
    res.setHeader(this.#name, id)
  }

  /** Gives the app this id and no other. Call after the fields were counted: the client did not send this one. */
  passOn(req: IncomingMessage, id: string): void {
    if (this.#given(req.rawHeaders) === id) return
    const others: string[] = []
    for (let index = 0; index < req.rawHeaders.length; index += 2) {
      const [name = '', value = ''] = req.rawHeaders.slice(index, index + 2)
      if (name.toLowerCase() !== this.#key) others.push(name, value)
    }
    req.rawHeaders = [...others, this.#name, id]
    // They may have been read already.
    req.headers[this.#key] = id
  }

  /** The value, if there is only one. If there are several, it is unclear which is meant. */
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
