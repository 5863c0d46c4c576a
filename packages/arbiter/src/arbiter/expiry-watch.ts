/** Logs that a certificate is about to expire, once a day for each. */
import type { Logger } from '../contract/logger.js'
import { expiryNotice } from '../tls/expiry-notice.js'
import type { CertificateFacts } from '../tls/group-tls.js'

export interface ExpiryWatchParts {
  readonly log: Logger
  /** Wall time in milliseconds. */
  now(): number
  /** The certificates in use now. */
  certificates(): readonly CertificateFacts[]
  /** Calls `run` periodically until the returned function is called. */
  every(ms: number, run: () => void): () => void
}

const lookMs = 3_600_000
/** An hour less than a day, so that no day is lost to a timer that fired a little late. */
const silenceMs = 23 * 3_600_000

export class ExpiryWatch {
  readonly #parts: ExpiryWatchParts
  /** When each certificate was last logged. */
  #toldAt: ReadonlyMap<string, number> = new Map()
  readonly #stop: () => void

  constructor(parts: ExpiryWatchParts) {
    this.#parts = parts
    this.#stop = parts.every(lookMs, () => this.look())
  }

  /** To be called also when the certificates have changed. */
  look(): void {
    const { certificates, log, now } = this.#parts
    const at = now()
    const toldAt = new Map<string, number>()
    for (const certificate of certificates()) {
      const key = `${certificate.file} ${certificate.expiresAt}`
      const before = toldAt.get(key) ?? this.#toldAt.get(key)
      const isTold = before !== undefined && at - before < silenceMs
      const notice = isTold ? undefined : expiryNotice(certificate, at)
      if (notice) log[notice.level](notice.text)
      if (before !== undefined || notice) toldAt.set(key, notice ? at : (before ?? at))
    }
    this.#toldAt = toldAt
  }

  close(): void {
    this.#stop()
  }
}
