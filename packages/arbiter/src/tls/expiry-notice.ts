/** The notice about a certificate that is about to expire. Pure. */
import type { CertificateFacts } from './group-tls.js'

export interface ExpiryNotice {
  readonly level: 'warn' | 'error'
  readonly text: string
}

const dayMs = 86_400_000
/** An ACME client renews certificates well before this. */
const warningMs = 14 * dayMs

/** Undefined: there is enough time left. Both times are in milliseconds since 1970. */
export function expiryNotice(
  { name, file, expiresAt }: CertificateFacts,
  now: number,
): ExpiryNotice | undefined {
  const leftMs = expiresAt - now
  if (leftMs > warningMs) return undefined
  const what = name === file ? `The certificate ${file}` : `The certificate for ${name} (${file})`
  const at = new Date(expiresAt).toISOString()
  if (leftMs <= 0)
    return { level: 'error', text: `${what} has expired at ${at}: clients refuse it. ${advice}` }
  const days = Math.floor(leftMs / dayMs)
  const when = days === 0 ? 'within a day' : `in ${days} ${days === 1 ? 'day' : 'days'}`
  return { level: 'warn', text: `${what} expires ${when}, at ${at}. ${advice}` }
}

const advice = 'Renew it, then reload'
