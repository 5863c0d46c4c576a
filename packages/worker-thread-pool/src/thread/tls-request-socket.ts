/** The socket of a request over an encrypted connection inside a thread. It answers what apps ask of a `TLSSocket`. */
import { X509Certificate } from 'node:crypto'
import type { Peer, TlsPeer } from '../protocol/messages.js'
import { RequestSocket, type SocketOwner } from './request-socket.js'

export class TlsRequestSocket extends RequestSocket {
  readonly #tls: TlsPeer

  constructor(peer: Peer, tls: TlsPeer, owner: SocketOwner) {
    super(peer, owner)
    this.#tls = tls
  }

  get authorized(): boolean {
    return this.#tls.isAuthorized
  }

  get authorizationError(): string | null {
    return this.#tls.authorizationError
  }

  get servername(): TlsPeer['servername'] {
    return this.#tls.servername
  }

  getProtocol(): string | null {
    return this.#tls.protocol
  }

  getCipher(): TlsPeer['cipher'] {
    return { ...this.#tls.cipher }
  }

  getPeerX509Certificate(): X509Certificate | undefined {
    const [leaf] = this.#tls.chain
    return leaf === undefined ? undefined : new X509Certificate(leaf)
  }

  /** As in Node: an empty object without a certificate. With `detailed`, each certificate is linked to that of its issuer. */
  getPeerCertificate(detailed = false): object {
    const [leaf, ...issuers] = this.#tls.chain.map(raw => new X509Certificate(raw).toLegacyObject())
    if (leaf === undefined) return {}
    if (detailed) link(leaf, issuers)
    return leaf
  }
}

function link(leaf: object, issuers: readonly object[]): void {
  const chain = [leaf, ...issuers]
  // A root is its own issuer.
  for (const [index, certificate] of chain.entries())
    Object.assign(certificate, { issuerCertificate: chain[index + 1] ?? certificate })
}
