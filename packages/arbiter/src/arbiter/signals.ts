/** What the operating system tells the arbiter. Handlers only pass the order on; the loop decides. */

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
}

/** npm and shells pass a Ctrl-C on: what comes so soon after the first is the same key press. */
const samePressMs = 500

/**
 * Returns a function that ends the handling. The handlers stay: a signal that comes while the process is on its way out must
 * not change how it ends.
 */
export function installSignals(orders: SignalOrders): () => void {
  const table: Readonly<Record<string, () => void>> = {
    SIGTERM: () => orders.stop('graceful'),
    SIGINT: () => orders.stop('quick'),
    SIGQUIT: () => orders.stop('quick'),
    SIGHUP: () => orders.reload(),
    SIGTTIN: () => orders.scale(1),
    SIGTTOU: () => orders.scale(-1),
    SIGUSR1: () => orders.reopenLogs(),
    SIGUSR2: () => orders.upgrade(),
    SIGWINCH: () => orders.park(),
  }
  let lastInterrupt = Number.NEGATIVE_INFINITY
  const isRepeated = (signal: string): boolean => {
    if (signal !== 'SIGINT') return false
    const sinceMs = performance.now() - lastInterrupt
    lastInterrupt = performance.now()
    return sinceMs < samePressMs
  }
  let isOver = false
  for (const [signal, act] of Object.entries(table)) {
    process.on(signal, () => {
      if (isOver || isRepeated(signal)) return
      orders.log(signal.slice(3).toLowerCase())
      act()
    })
  }
  return () => {
    isOver = true
  }
}
