/** The signals that the arbiter handles. Handlers only pass the order on; the loop decides. */
import { ownListener } from '../own-listener.js'
import { watchTerminal } from '../system/terminal.js'
import { silenceForeignListeners } from './foreign-listeners.js'

export interface SignalOrders {
  /** TERM: graceful. INT, QUIT: quick; again: kill. */
  stop(mode: 'graceful' | 'quick'): void
  reload(): void
  scale(by: number): void
  reopenLogs(): void
  upgrade(): void
  /** WINCH: drain all workers and keep the sockets, unless there is a terminal. */
  park(): void
  log(signal: string): void
  /** Other code listens to this signal and was not called. */
  foreign(signal: string): void
}

/** npm and shells forward a Ctrl-C. A second signal this soon after the first comes from the same key press. */
const samePressMs = 500

const meanings = {
  SIGTERM: orders => orders.stop('graceful'),
  SIGINT: orders => orders.stop('quick'),
  SIGQUIT: orders => orders.stop('quick'),
  SIGHUP: orders => orders.reload(),
  SIGTTIN: orders => orders.scale(1),
  SIGTTOU: orders => orders.scale(-1),
  SIGUSR1: orders => orders.reopenLogs(),
  SIGUSR2: orders => orders.upgrade(),
  SIGWINCH: orders => orders.park(),
} as const satisfies Readonly<Record<string, (orders: SignalOrders) => void>>

/** Controls the installed signal handlers. */
export interface SignalHandling {
  /** The signals are still caught, but no longer give orders. */
  silence(): void
  /** The signals have their previous effect on the process again. */
  remove(): void
}

/** `isAlone`: the process exists only for the arbiter. Listeners of other code, which may end the process, are not called. */
export function installSignals(orders: SignalOrders, isAlone: boolean): SignalHandling {
  const foreign = isAlone ? silenceForeignListeners(Object.keys(meanings)) : new Set<string>()
  let lastInterrupt = Number.NEGATIVE_INFINITY
  const isRepeated = (signal: string): boolean => {
    if (signal !== 'SIGINT') return false
    const sinceMs = performance.now() - lastInterrupt
    lastInterrupt = performance.now()
    return sinceMs < samePressMs
  }
  const isTerminalGone = watchTerminal()
  let isSilent = false
  const handlers = Object.entries(meanings).map(([signal, act]) => {
    const handler = ownListener((): void => {
      if (isSilent || isRepeated(signal)) return
      // The terminal was closed. Nobody has asked for a reload, and nobody would see the server any more.
      const isHangUp = signal === 'SIGHUP' && isTerminalGone()
      orders.log(isHangUp ? 'hup, because the terminal is gone: stopping' : signal.slice(3).toLowerCase())
      if (isHangUp) return orders.stop('graceful')
      if (foreign.has(signal)) orders.foreign(signal)
      act(orders)
    })
    process.on(signal, handler)
    return { signal, handler }
  })
  return {
    silence() {
      isSilent = true
    },
    remove() {
      for (const { signal, handler } of handlers) process.off(signal, handler)
    },
  }
}

/**
 * For a process that exists only for an arbiter. From now on no signal that an arbiter handles ends the process by itself,
 * not even while it exits and the arbiter no longer handles signals.
 */
export function holdSignals(): void {
  for (const signal of Object.keys(meanings))
    process.on(
      signal,
      ownListener(() => {}),
    )
}
