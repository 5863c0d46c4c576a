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

/** Of certificates that take the place of others. */
export function renewedOptions(tls: ListenerTls): SecureContextOptions {
  return { ...contextOptions(tls.certificates[0], tls), ticketKeys: Buffer.from(tls.ticketKeys, 'base64') }
}

/** What is used for clients that ask for a name. */
export interface NamedContext<Context> {
  /** In lower case; with `*` in place of its first label for all such names. */
  readonly name: string
  readonly context: Context
}

/** In the order in which they are looked for. A server with one certificate needs none. */
export function namedContexts(tls: ListenerTls): readonly NamedContext<SecureContextOptions>[] {
  const { certificates } = tls
  if (certificates.length === 1) return []
  return certificates.flatMap(certificate =>
    certificate.names.map(name => ({ name, context: contextOptions(certificate, tls) })),
  )
}

/** A whole name comes before a wildcard, and the first certificate before later ones. Undefined: none has the name. */
export function contextFor<Context>(
  contexts: readonly NamedContext<Context>[],
  asked: string,
): Context | undefined {
  const whole = asked.toLowerCase()
  const wildcard = whole.replace(/^[^.]+/, '*')
  const found = contexts.find(({ name }) => name === whole) ?? contexts.find(({ name }) => name === wildcard)
  return found?.context
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
