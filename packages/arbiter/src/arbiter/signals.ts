/** What the operating system tells the arbiter. Handlers only pass the order on; the loop decides. */
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
  /** Somebody else listens to this signal, and was not called. */
  foreign(signal: string): void
}

/** npm and shells pass a Ctrl-C on: what comes so soon after the first is the same key press. */
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

/** Signals that are handled. */
export interface SignalHandling {
  /** They are still caught, and give no orders any more. */
  silence(): void
  /** They mean to the process what they did before. */
  remove(): void
}

/** `isAlone`: the process is there for nothing else, and what others do on a signal, which may end it, is not done. */
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
      // The hang-up of a terminal that was closed: nobody has asked for a reload, and nobody would see the server any more.
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
 * For a process that is there for an arbiter alone: from now on none of the signals that an arbiter handles ends it by itself,
 * also not on its way out, when the arbiter does not handle them any more.
 */
export function holdSignals(): void {
  for (const signal of Object.keys(meanings))
    process.on(
      signal,
      ownListener(() => {}),
    )
}
