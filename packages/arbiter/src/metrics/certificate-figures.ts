/** When the certificates of a group expire. Pure. */
import type { CertificateFacts } from '../tls/group-tls.js'
import type { MetricValues } from './metric-value.js'

export function certificateFigures(group: string, certificates: readonly CertificateFacts[]): MetricValues {
  // Two certificates of one name, with different kinds of keys, would repeat the same series.
  const first = new Map<string, number>()
  for (const { name, expiresAt } of certificates)
    first.set(name, Math.min(expiresAt, first.get(name) ?? expiresAt))
  return {
    tunicorn_certificate_expiry_seconds: [...first].map(([name, expiresAt]) => ({
      labels: { group, name },
      value: expiresAt / 1_000,
    })),
  }
}
