import type { Duplex } from 'node:stream'
import type { DetailedPeerCertificate, TLSSocket } from 'node:tls'

/** Whether this server encrypts the connection. Does not load `node:tls` to find out. */
export function isEncrypted(socket: Duplex): socket is TLSSocket {
  return 'encrypted' in socket && socket.encrypted === true && 'getPeerX509Certificate' in socket
}

/**
 * The certificate of the client and those of its issuers, as DER. The client's own comes first. Empty if the client sent none.
 *
 * Read in the older of Node's two forms: in some releases of Node.js 24 the `X509Certificate` of a peer has no issuer.
 */
export function clientCertificates(socket: TLSSocket): readonly Buffer[] {
  const chain: Buffer[] = []
  // Node's type claims that every property is always there.
  let each: Partial<DetailedPeerCertificate> | undefined = socket.getPeerCertificate(true)
  for (; each?.raw !== undefined; each = each.issuerCertificate) {
    const { raw } = each
    // A root is its own issuer.
    if (chain.some(before => raw.equals(before))) break
    chain.push(raw)
  }
  return chain
}
