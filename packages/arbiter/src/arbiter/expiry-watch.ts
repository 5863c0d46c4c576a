/** Says in the log that a certificate runs out: once a day for each. */
import type { Logger } from '../contract/logger.js'
import { expiryNotice } from '../tls/expiry-notice.js'
import type { CertificateFacts } from '../tls/group-tls.js'

export interface ExpiryWatchParts {
  readonly log: Logger
  /** Wall time in milliseconds. */
  now(): number
  /** Those that are in force. */
  certificates(): readonly CertificateFacts[]
  /** Again and again, until the returned function is called. */
  every(ms: number, run: () => void): () => void
}

const lookMs = 3_600_000
/** An hour less than a day, so that a timer that is a little late does not lose one. */
const silenceMs = 23 * 3_600_000

export class ExpiryWatch {
  readonly #parts: ExpiryWatchParts
  /** When each was told of. */
  #toldAt: ReadonlyMap<string, number> = new Map()
  readonly #stop: () => void

  constructor(parts: ExpiryWatchParts) {
    this.#parts = parts
    this.#stop = parts.every(lookMs, () => this.look())
  }

  /** Also to be called when there are others. */
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
