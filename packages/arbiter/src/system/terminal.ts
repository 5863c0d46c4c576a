/** The terminal that this process was started from, and whether it has been closed since. */
import { closeSync, constants, openSync } from 'node:fs'
import { isatty } from 'node:tty'

/**
 * Gives whether that terminal is gone. One that none of the standard streams leads to does not count: who starts a server with
 * `nohup`, or with its streams elsewhere, means it to stay. Node.js does not let a process see that it ignored a signal before.
 */
export function watchTerminal(): () => boolean {
  const isAttached = [0, 1, 2].some(fd => isatty(fd)) && hasTerminal()
  return () => isAttached && !hasTerminal()
}

function hasTerminal(): boolean {
  try {
    closeSync(openSync('/dev/tty', constants.O_RDONLY | constants.O_NOCTTY | constants.O_NONBLOCK))
    return true
  } catch {
    return false
  }
}
