/** Ends a process or a thread as Node.js does: a listener for `beforeExit` may begin more work, which is waited for. */
import { IdleWatch } from './idle-watch.js'

/**
 * Emits `beforeExit`. Resolves when the work that its listeners began is done, such as sending what a tracer has collected, or
 * when `signal` aborts. Resolves at once when there are no listeners.
 */
export async function emitBeforeExit(signal: AbortSignal): Promise<void> {
  const hasListeners = process.listenerCount('beforeExit') > 0
  const watch = hasListeners ? new IdleWatch() : undefined
  process.emit('beforeExit', 0)
  if (!signal.aborted) await watch?.idle(signal)
}
