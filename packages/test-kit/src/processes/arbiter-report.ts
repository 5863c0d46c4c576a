/** What the arbiter's process reports. */

import type { ProcessExit } from '@tunicorn/arbiter/testing'
import type { Listener } from '@tunicorn/arbiter/worker'

export type ArbiterReport =
  /** Why it did not start. */
  | { readonly type: 'refused'; readonly code: string; readonly message: string }
  | { readonly type: 'serving'; readonly address: Listener['address'] }
  | ({ readonly type: 'exit'; readonly pid: number } & ProcessExit)
