/** Signals in a worker process. The arbiter talks over IPC; a signal comes from elsewhere. */

import { ownListener } from '../own-listener.js'

/** What would stop the process, end it or open the inspector, and must not: these are orders to the arbiter. */
const ignored = [
  'SIGINT',
  'SIGQUIT',
  'SIGHUP',
  'SIGUSR1',
  'SIGUSR2',
  'SIGTTIN',
  'SIGTTOU',
  'SIGWINCH',
] as const

/** Installs the handlers first thing in the process. `onTerminate`: somebody asks this one worker to end. */
export function installSignals(onTerminate: () => void): void {
  for (const signal of ignored) process.on(signal, () => {})
  process.on('SIGTERM', ownListener(onTerminate))
}
