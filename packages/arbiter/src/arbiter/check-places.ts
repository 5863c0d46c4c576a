/** What a check tests without taking it, because the server that runs with these settings may have it. */
import type { ArbiterSettings } from '../config/settings.js'
import type { Logger } from '../contract/logger.js'
import { checkLogFile } from '../output/output-target.js'
import { checkAdmin } from '../probes/admin.js'
import { Pidfile } from '../system/pidfile.js'

/** @throws TunicornError `PIDFILE_FAILED`, `LOG_FAILED`, `BIND_FAILED`: what a start would fail with */
export async function checkPlaces({ admin, errorLog, pidfile }: ArbiterSettings, log: Logger): Promise<void> {
  if (errorLog !== '-') checkLogFile('log file', errorLog)
  if (pidfile !== '') Pidfile.check(pidfile)
  await checkAdmin(admin, log)
}
