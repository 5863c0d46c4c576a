/** Why a request is refused, and with which status. */

import type { RefusalReason } from '@tunicorn/arbiter/worker'

export interface Refusal {
  readonly status: number
  readonly reason: RefusalReason
  /** The setting whose limit was exceeded. */
  readonly limit?: string
}
