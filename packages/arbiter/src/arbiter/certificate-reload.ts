/** Checks the certificate files periodically, and gives new certificates to the serving workers. */
import { stat } from 'node:fs/promises'
import type { Logger } from '../contract/logger.js'
import type { EncryptedGroup } from '../supervision/encrypted.js'
import { certificateFiles } from '../tls/certificate-files.js'
import type { GroupTls, TlsSettings } from '../tls/group-tls.js'

export interface CertificateReloadParts {
  readonly log: Logger
  groups(): readonly EncryptedGroup[]
  /** While true, the files are left alone: a reload reads them itself. */
  isReloading(): boolean
  renew(group: string, tls: GroupTls): void
  /** Calls `run` periodically until the returned function is called. */
  every(ms: number, run: () => void): () => void
}

export class CertificateReload {
  readonly #parts: CertificateReloadParts
  #stop: (() => void) | undefined
  /** The stamps of each group's files when they were last read. */
  readonly #seen = new Map<string, string>()
  #isLooking = false

  constructor(parts: CertificateReloadParts) {
    this.#parts = parts
  }

  /** Checks every `seconds` from now on; 0 ends it. */
  start(seconds: number): void {
    this.#stop?.()
    this.#stop = undefined
    // A start or a reload has just read the files, so what was seen before is out of date.
    this.#seen.clear()
    if (seconds > 0) this.#stop = this.#parts.every(seconds * 1_000, () => void this.#look())
  }

  close(): void {
    this.start(0)
  }

  async #look(): Promise<void> {
    if (this.#isLooking) return
    this.#isLooking = true
    for (const { name, settings } of this.#parts.groups()) {
      const stamps = await stampsOf(settings)
      if (this.#stop && !this.#parts.isReloading() && this.#seen.get(name) !== stamps) {
        this.#seen.set(name, stamps)
        await this.#read(name)
      }
    }
    this.#isLooking = false
  }

  async #read(name: string): Promise<void> {
    const { log } = this.#parts
    // This import costs little: the group has certificates, so OpenSSL is already loaded.
    const { isSameTls, rereadGroupTls } = await import('../tls/group-tls.js')
    // A reload may have begun in between.
    const group = this.#parts.groups().find(each => each.name === name)
    if (!group || this.#parts.isReloading()) return void this.#seen.delete(name)
    try {
      const renewed = rereadGroupTls(group.settings, group.current)
      if (isSameTls(renewed, group.current)) return
      this.#parts.renew(name, renewed)
      const names = renewed.certificates.map(certificate => certificate.name)
      log.info(`Certificates renewed: ${names.join(', ')}`, { group: name })
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      log.error(`The certificates were not renewed, and the old ones stay: ${why}`, { group: name })
    }
  }
}

/** Changes when one of the files or its permissions change. */
async function stampsOf(settings: TlsSettings): Promise<string> {
  const paths = certificateFiles(settings).flatMap(({ certfile, keyfile }) => [certfile, keyfile])
  const stamps = [...paths, settings.caCerts].filter(path => path !== '').map(stampOf)
  return (await Promise.all(stamps)).join('\n')
}

async function stampOf(path: string): Promise<string> {
  try {
    const { ino, size, mtimeMs, ctimeMs } = await stat(path)
    return `${ino} ${size} ${mtimeMs} ${ctimeMs}`
  } catch {
    return 'unreadable'
  }
}
