/** The arbiter as the control API sees it. */
import type { ArbiterPhase } from '../supervision/arbiter-phase.js'
import type { Examination, ExaminationOrder } from '../supervision/examination.js'
import type { LaunchGroup } from '../supervision/launch.js'
import type { ScaledGroup, ScaleOrder } from '../supervision/scale.js'
import type { ArbiterState } from '../supervision/state.js'
import type { WorkerRow } from '../supervision/worker-table.js'
import type { Identity } from '../system/identity.js'

/** What the control API needs from the arbiter. */
export interface Controlled {
  readonly state: ArbiterState
  /** What a group runs; that of the serving generation if there are two. */
  launchOf(group: string): LaunchGroup | undefined
  /** Milliseconds of arbiter time. */
  now(): number
  phase(): ArbiterPhase
  reload(): Promise<void>
  stop(mode: 'graceful' | 'quick' | 'kill'): void
  scale(order: ScaleOrder): readonly ScaledGroup[]
  whenScaled(groups: readonly ScaledGroup[], signal: AbortSignal): Promise<void>
  examine(row: WorkerRow, order: ExaminationOrder, signal: AbortSignal): Promise<Examination>
  /** The user and group that a worker runs as, if they are not the arbiter's own. */
  identityOf(row: WorkerRow): Identity | undefined
}
