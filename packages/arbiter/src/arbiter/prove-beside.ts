/** A new arbiter serves beside the one before it for a while, which goes on if the workers of the new one do not last. */
import type { Logger } from '../contract/logger.js'
import { type Generation, policiesOf } from '../supervision/launch.js'
import type { Supervisor } from '../supervision/supervisor.js'
import type { Predecessor } from './predecessor.js'

export interface Trial {
  readonly predecessor: Predecessor
  readonly first: Generation
  readonly supervisor: Supervisor
  readonly log: Logger
}

/** Whether the new one is to take over. The one before is told when not. */
export async function proveBeside({ predecessor, first, supervisor, log }: Trial): Promise<boolean> {
  const windowMs = Math.max(...[...policiesOf(first).values()].map(({ canaryMs }) => canaryMs))
  if (windowMs === 0) return true
  log.info('The new arbiter serves beside the one before', { canarySeconds: windowMs / 1_000 })
  predecessor.tell({ type: 'beside', windowMs })
  try {
    // One that is gone meanwhile cannot go on: then this one does, whatever its workers are like.
    await Promise.race([supervisor.whenProven(windowMs), predecessor.gone])
    return true
  } catch (error) {
    // Somebody has asked for a stop, which says all.
    if (supervisor.state.stop) return false
    const reason = error instanceof Error ? error.message : String(error)
    log.error(`Upgrade rolled back, the arbiter before goes on: ${reason}`)
    predecessor.tell({ type: 'failed', reason })
    return false
  }
}
