/** Signals in a worker process. The arbiter talks over IPC, so any signal comes from elsewhere. */

import { ownListener } from '../own-listener.js'

/** Signals that would stop or end the process, or open its inspector. They are meant for the arbiter and ignored here. */
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

/** Installs the handlers before anything else. `onTerminate`: somebody asks this one worker to end. */
export function installSignals(onTerminate: () => void): void {
  for (const signal of ignored) process.on(signal, () => {})
  process.on('SIGTERM', ownListener(onTerminate))
}
