/**
 * Removes the listeners that other code has for the arbiter's signals. A module that `NODE_OPTIONS` preloads runs in the arbiter
 * too, and telemetry often ends its process on TERM. That would cut all workers off during their drain.
 */
import { isOwnListener } from '../own-listener.js'

/** Removes existing listeners and later ones. The returned set holds the signals that had any. */
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
    // The event comes before the listener is added.
    if (typeof name === 'string' && signals.includes(name)) process.nextTick(silence, name, listener)
  })
  return foreign
}
