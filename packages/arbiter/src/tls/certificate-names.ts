/** The host names that a certificate is valid for. Pure. */
import type { X509Certificate } from 'node:crypto'

/** In lower case and without duplicates: those of `subjectAltName`, or else the common name. */
export function certificateNames({
  subjectAltName,
  subject,
}: Pick<X509Certificate, 'subjectAltName' | 'subject'>): readonly string[] {
  const entries = [...(subjectAltName ?? '').matchAll(entry)]
  const names = entries.flatMap(([, kind, value = '']) => (kind === 'DNS' ? [value] : []))
  const found = subjectAltName === undefined ? [/^CN=(.+)$/m.exec(subject ?? '')?.[1] ?? ''] : names
  return [...new Set(found.map(name => name.trim().toLowerCase()))].filter(name => hostName.test(name))
}

/** `DNS:a, IP Address:b`. Node quotes a value that could be mistaken for several ones. Such a value is not a host name. */
const entry = /([^:,]+):("(?:[^"\\]|\\.)*"|[^,]*)(?:, |$)/g
const hostName = /^(?:\*\.)?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/
