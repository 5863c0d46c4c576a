/** What `node:https` is told for a listener that speaks TLS. Pure. */
import type { SecureContextOptions, TlsOptions } from 'node:tls'
import type { ListenerTls, TlsCertificate } from '@tunicorn/arbiter/worker'

/** Of the whole server, with the certificate for clients that ask for no name. */
export function tlsOptions(tls: ListenerTls): TlsOptions {
  const { certificates, certReqs, handshakeTimeoutMs, ticketKeys } = tls
  return {
    ...contextOptions(certificates[0], tls),
    handshakeTimeout: handshakeTimeoutMs,
    requestCert: certReqs !== 'none',
    rejectUnauthorized: certReqs === 'required',
    // A client may come to any worker with the session that another one gave it.
    ticketKeys: Buffer.from(ticketKeys, 'base64'),
  }
}

/** What is used for a client that asks for a name. */
export interface NamedContext {
  readonly name: string
  readonly options: SecureContextOptions
}

/**
 * In the order in which Node has to be given them: of several that fit, it takes the last. A whole name comes before a
 * wildcard, and the first certificate before later ones.
 */
export function namedContexts(tls: ListenerTls): readonly NamedContext[] {
  const { certificates } = tls
  if (certificates.length === 1) return []
  const all = certificates.flatMap(certificate =>
    certificate.names.map(name => ({ name, options: contextOptions(certificate, tls) })),
  )
  const isWildcard = ({ name }: NamedContext): boolean => name.startsWith('*.')
  return [...all.filter(context => !isWildcard(context)), ...all.filter(isWildcard)].reverse()
}

function contextOptions(
  { cert, key }: TlsCertificate,
  { caCerts, ciphers, minVersion }: ListenerTls,
): SecureContextOptions {
  return {
    cert,
    key,
    minVersion,
    ...(caCerts !== undefined && { ca: caCerts }),
    ...(ciphers !== undefined && { ciphers }),
  }
}
