/** Reports refused requests to operators: each is counted, and some are logged. */
import type { Socket } from 'node:net'
import type { Logger, RefusalReason } from '@tunicorn/arbiter/worker'
import { peerOf } from '@tunicorn/net'
import type { Refusal } from '../refusals/refusal.js'

export interface RefusalReportParts {
  readonly log: Logger
  /** Counts one refusal. */
  readonly refused: (reason: RefusalReason) => void
  /** Milliseconds. */
  readonly now: () => number
}

interface Told {
  readonly at: number
  /** Refusals since the last line that were not logged. */
  omitted: number
}

/** A client that sends bad requests must not fill the log with them. */
const everyMs = 1000

export class RefusalReport {
  readonly #parts: RefusalReportParts
  readonly #told = new Map<RefusalReason, Told>()

  constructor(parts: RefusalReportParts) {
    this.#parts = parts
  }

  /** Logs at most one line per second and reason. Each line says how many refusals before it were not logged. */
  tell({ status, reason, limit }: Refusal, socket: Socket, requestId?: string): void {
    const { log, refused, now } = this.#parts
    refused(reason)
    const at = now()
    const last = this.#told.get(reason)
    if (last !== undefined && at - last.at < everyMs) {
      last.omitted += 1
      return
    }
    this.#told.set(reason, { at, omitted: 0 })
    const omitted = last?.omitted ?? 0
    log.info('Refused a request', {
      peer: peerOf(socket),
      reason,
      status,
      ...(limit !== undefined && { limit }),
      ...(requestId !== undefined && { requestId }),
      ...(omitted > 0 && { omitted }),
    })
  }
}
