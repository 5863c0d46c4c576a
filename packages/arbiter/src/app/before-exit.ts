/** The end of a process or a thread as in Node.js: a listener for `beforeExit` may begin something, which is waited for. */
import { IdleWatch } from './idle-watch.js'

/**
 * Emits `beforeExit`. Resolves when what its listeners have begun is done, such as sending what a tracer has collected, or
 * when `signal` aborts. Resolves at once when there are no listeners.
 */
export async function emitBeforeExit(signal: AbortSignal): Promise<void> {
  const hasListeners = process.listenerCount('beforeExit') > 0
  const watch = hasListeners ? new IdleWatch() : undefined
  process.emit('beforeExit', 0)
  if (!signal.aborted) await watch?.idle(signal)
}
