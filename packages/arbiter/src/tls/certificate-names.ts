/** The host names that a certificate stands for. Pure. */
import type { X509Certificate } from 'node:crypto'

/** In lower case, each once: those of `subjectAltName`, or else the common name. */
export function certificateNames({
  subjectAltName,
  subject,
}: Pick<X509Certificate, 'subjectAltName' | 'subject'>): readonly string[] {
  const entries = [...(subjectAltName ?? '').matchAll(entry)]
  const names = entries.flatMap(([, kind, value = '']) => (kind === 'DNS' ? [value] : []))
  const found = subjectAltName === undefined ? [/^CN=(.+)$/m.exec(subject ?? '')?.[1] ?? ''] : names
  return [...new Set(found.map(name => name.trim().toLowerCase()))].filter(name => hostName.test(name))
}

/** `DNS:a, IP Address:b`. Node puts a value in quotes that could be taken for more than one, which is then no host name. */
const entry = /([^:,]+):("(?:[^"\\]|\\.)*"|[^,]*)(?:, |$)/g
const hostName = /^(?:\*\.)?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/
