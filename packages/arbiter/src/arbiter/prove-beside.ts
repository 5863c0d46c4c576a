/** A new arbiter serves beside its predecessor for a while. The predecessor continues if the new workers do not last. */
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

/** Whether the new arbiter is to take over. If not, this tells the predecessor. */
export async function proveBeside({ predecessor, first, supervisor, log }: Trial): Promise<boolean> {
  const windowMs = Math.max(...[...policiesOf(first).values()].map(({ canaryMs }) => canaryMs))
  if (windowMs === 0) return true
  log.info('The new arbiter serves beside the one before', { canarySeconds: windowMs / 1_000 })
  predecessor.tell({ type: 'beside', windowMs })
  try {
    // A predecessor that ends meanwhile cannot continue, so this arbiter does, however its workers are doing.
    await Promise.race([supervisor.whenProven(windowMs), predecessor.gone])
    return true
  } catch (error) {
    // A stop was requested, and needs no further explanation.
    if (supervisor.state.stop) return false
    const reason = error instanceof Error ? error.message : String(error)
    log.error(`Upgrade rolled back, the arbiter before goes on: ${reason}`)
    predecessor.tell({ type: 'failed', reason })
    return false
  }
}
