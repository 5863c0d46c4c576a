/** Reads the certificates and keys of a group. The arbiter does this before its workers change their user. */
import { randomBytes, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import type { ListenerTls, TlsCertificate } from '../contract/listener-tls.js'
import { TunicornError } from '../errors.js'
import { type CertificateFiles, certificateFiles } from './certificate-files.js'
import { certificateNames } from './certificate-names.js'
import { contextProblem, pairProblem } from './tls-problems.js'

/** The TLS settings of a group. Paths are absolute. */
export interface TlsSettings extends CertificateFiles {
  readonly certificates: readonly CertificateFiles[]
  readonly caCerts: string
  readonly certReqs: ListenerTls['certReqs']
  readonly tlsMinVersion: '1.2' | '1.3'
  readonly ciphers: string
  readonly handshakeTimeout: number
}

/** What may be shown of a certificate. */
export interface CertificateFacts {
  /** Its first host name, or its file if it has no host name. */
  readonly name: string
  readonly file: string
  /** Milliseconds since 1970. */
  readonly expiresAt: number
}

/** What a group needs to speak TLS. */
export interface GroupTls {
  readonly listener: ListenerTls
  readonly certificates: readonly CertificateFacts[]
}

/** What a serving group uses. A renewal replaces `current`. */
export interface RunningTls {
  current: GroupTls
}

/**
 * Reads the files of a group that has a certificate.
 *
 * @throws TunicornError `TLS_FAILED` with the path of the file that is wrong
 */
export function readGroupTls(settings: TlsSettings): GroupTls {
  const [first, ...rest] = certificateFiles(settings).map(readPair)
  if (first === undefined) throw new TypeError('The group has no certificate')
  const { caCerts, certReqs, ciphers, handshakeTimeout, tlsMinVersion } = settings
  const listener: ListenerTls = {
    certificates: [first.pair, ...rest.map(({ pair }) => pair)],
    certReqs,
    minVersion: `TLSv${tlsMinVersion}`,
    handshakeTimeoutMs: handshakeTimeout * 1_000,
    ticketKeys: randomBytes(48).toString('base64'),
    ...(caCerts !== '' && { caCerts: readAuthorities(caCerts) }),
    ...(ciphers !== '' && { ciphers: checkedCiphers(ciphers) }),
  }
  return { listener, certificates: [first.facts, ...rest.map(({ facts }) => facts)] }
}

/**
 * Reads the files again, for the serving workers. Sessions of clients stay valid, unless the certificate authorities have changed.
 *
 * @throws TunicornError `TLS_FAILED` with the path of the file that is wrong
 */
export function rereadGroupTls(settings: TlsSettings, { listener: before }: GroupTls): GroupTls {
  const { listener, certificates } = readGroupTls(settings)
  const { ticketKeys } = listener.caCerts === before.caCerts ? before : listener
  return { listener: { ...listener, ticketKeys }, certificates }
}

/** Whether clients would see no difference. */
export function isSameTls(a: GroupTls, b: GroupTls): boolean {
  return isDeepStrictEqual(a, b)
}

function readPair({ certfile, keyfile }: CertificateFiles): {
  readonly pair: TlsCertificate
  readonly facts: CertificateFacts
} {
  const cert = readText('certificate', certfile)
  const key = keyfile === '' ? cert : readText('key', keyfile)
  const problem = pairProblem(cert, key)
  const files =
    keyfile === '' ? `the certificate ${certfile}` : `the certificate ${certfile} with the key ${keyfile}`
  if (problem !== undefined) throw new TunicornError('TLS_FAILED', `Cannot use ${files}: ${problem}`)
  const certificate = new X509Certificate(cert)
  const names = certificateNames(certificate)
  return {
    pair: { cert, key, names },
    facts: { name: names[0] ?? certfile, file: certfile, expiresAt: Date.parse(certificate.validTo) },
  }
}

function readAuthorities(file: string): string {
  const ca = readText('authorities', file)
  const problem = /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----/.test(ca)
    ? contextProblem({ ca })
    : 'there is no certificate in it'
  if (problem === undefined) return ca
  throw new TunicornError('TLS_FAILED', `Cannot use the authorities ${file}: ${problem}`)
}

function checkedCiphers(ciphers: string): string {
  const problem = contextProblem({ ciphers })
  if (problem === undefined) return ciphers
  throw new TunicornError('TLS_FAILED', `Cannot use the ciphers \`${ciphers}\`: ${problem}`)
}

function readText(what: string, file: string): string {
  try {
    return readFileSync(file, 'latin1')
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
    throw new TunicornError('TLS_FAILED', `Cannot read the ${what} ${file}: ${advice[code] ?? code}`, {
      cause,
    })
  }
}

const advice: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'permission denied. The arbiter reads it, not the workers: start the arbiter as a user who may',
  EISDIR: 'it is a directory',
}
