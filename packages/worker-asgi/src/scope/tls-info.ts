/** What the ASGI extension `tls` says about an encrypted connection (ASGI, "TLS Extension"). */
import { X509Certificate } from 'node:crypto'
import type { Duplex } from 'node:stream'
import { clientCertificates, isEncrypted } from '@tunicorn/http'
import type { TlsInfo } from '../protocol/scopes.js'

/** Undefined for a socket that is not encrypted. */
export function tlsInfoOf(socket: Duplex): TlsInfo | undefined {
  if (!isEncrypted(socket)) return undefined
  const chain = clientCertificates(socket).map(raw => new X509Certificate(raw))
  const [client] = chain
  return Object.freeze({
    serverCert: socket.getX509Certificate()?.toString() ?? null,
    clientCertChain: Object.freeze(chain.map(String)),
    clientCertName: client === undefined ? null : distinguishedName(client.subject),
    clientCertError: client === undefined || socket.authorized ? null : String(socket.authorizationError),
    tlsVersion: versions[socket.getProtocol() ?? ''] ?? null,
    cipherSuite: suites[socket.getCipher().standardName] ?? null,
  })
}

/** As in RFC 4514: the last part comes first. Node has already escaped the values, and puts each on a line of its own. */
function distinguishedName(subject: string): string {
  return subject.split('\n').reverse().join(',')
}

const versions: Readonly<Record<string, number>> = {
  TLSv1: 0x0301,
  'TLSv1.1': 0x0302,
  'TLSv1.2': 0x0303,
  'TLSv1.3': 0x0304,
}

/** The suites that are in use, by their IANA names. Node does not know their numbers. */
const suites: Readonly<Record<string, number>> = {
  TLS_AES_128_GCM_SHA256: 0x1301,
  TLS_AES_256_GCM_SHA384: 0x1302,
  TLS_CHACHA20_POLY1305_SHA256: 0x1303,
  TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256: 0xc02b,
  TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384: 0xc02c,
  TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256: 0xc02f,
  TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384: 0xc030,
  TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256: 0xcca8,
  TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256: 0xcca9,
}
