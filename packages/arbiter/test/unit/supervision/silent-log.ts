import type { ArbiterLog } from '../../../src/output/logger.js'

/** A log that nobody reads. */
export const silentLog: ArbiterLog = {
  write() {},
  debug() {},
  info() {},
  warn() {},
  error() {},
  reopen() {},
  close: async () => {},
}
