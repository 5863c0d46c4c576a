/** The terminal that this process was started from, and whether it has been closed since. */
import { closeSync, constants, openSync } from 'node:fs'
import { isatty } from 'node:tty'

/**
 * The returned function says whether that terminal is gone. A terminal that no standard stream leads to does not count: somebody
 * who starts a server with `nohup`, or with its streams elsewhere, wants it to stay. A Node.js process cannot see that it was
 * started with a signal ignored.
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
