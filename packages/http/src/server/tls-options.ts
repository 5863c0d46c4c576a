/** The options of `node:https` for a listener that uses TLS. Pure. */
import type { SecureContextOptions, TlsOptions } from 'node:tls'
import type { ListenerTls, TlsCertificate } from '@tunicorn/arbiter/worker'

/** Options of the whole server, with the certificate for clients that send no server name. */
export function tlsOptions(tls: ListenerTls): TlsOptions {
  const { certificates, certReqs, handshakeTimeoutMs, ticketKeys } = tls
  return {
    ...contextOptions(certificates[0], tls),
    handshakeTimeout: handshakeTimeoutMs,
    requestCert: certReqs !== 'none',
    rejectUnauthorized: certReqs === 'required',
    // A client may resume, at any worker, a session that another worker gave it.
    ticketKeys: Buffer.from(ticketKeys, 'base64'),
  }
}

/** Options for certificates that replace earlier ones. */
export function renewedOptions(tls: ListenerTls): SecureContextOptions {
  return { ...contextOptions(tls.certificates[0], tls), ticketKeys: Buffer.from(tls.ticketKeys, 'base64') }
}

/** What is used for clients that send a server name. */
export interface NamedContext<Context> {
  /** In lower case. `*` as its first label stands for all such names. */
  readonly name: string
  readonly context: Context
}

/** In the order in which they are searched. A server with one certificate needs none. */
export function namedContexts(tls: ListenerTls): readonly NamedContext<SecureContextOptions>[] {
  const { certificates } = tls
  if (certificates.length === 1) return []
  return certificates.flatMap(certificate =>
    certificate.names.map(name => ({ name, context: contextOptions(certificate, tls) })),
  )
}

/** A whole name takes precedence over a wildcard, and an earlier certificate over a later one. Undefined: none has the name. */
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
