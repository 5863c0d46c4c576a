/**
 * Takes away the listeners that others have for signals of the arbiter. A module that `NODE_OPTIONS` preloads runs in the arbiter
 * too, and telemetry often ends its process on TERM: all workers would be cut in their drain.
 */
import { isOwnListener } from '../own-listener.js'

/** Those there are, and those that come later. The signals that had any are in the set. */
export function silenceForeignListeners(signals: readonly string[]): ReadonlySet<string> {
  const foreign = new Set<string>()
  const silence = (signal: string, listener: (...args: unknown[]) => void): void => {
    if (isOwnListener(listener)) return
    foreign.add(signal)
    process.removeListener(signal, listener)
  }
  for (const signal of signals)
    for (const listener of process.rawListeners(signal)) silence(signal, listener as () => void)
  process.on('newListener', (name: string | symbol, listener: () => void) => {
    // It is told of before it is there.
    if (typeof name === 'string' && signals.includes(name)) process.nextTick(silence, name, listener)
  })
  return foreign
}
