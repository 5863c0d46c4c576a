import type { ResolvedConfig } from '../config/settings.js'
import { certificateFiles } from '../tls/certificate-files.js'
import type { RunningTls } from '../tls/group-tls.js'

/**
 * The certificates of all groups that have any, by group name.
 *
 * @throws TunicornError `TLS_FAILED`
 */
export async function readTls({ groups }: ResolvedConfig): Promise<ReadonlyMap<string, RunningTls>> {
  const encrypted = groups.filter(({ settings }) => certificateFiles(settings).length > 0)
  if (encrypted.length === 0) return new Map()
  // Servers without TLS do not load OpenSSL.
  const { readGroupTls } = await import('../tls/group-tls.js')
  return new Map(encrypted.map(({ name, settings }) => [name, { current: readGroupTls(settings) }] as const))
}
