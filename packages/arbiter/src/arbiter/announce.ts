import { isDetectable } from '../app/kind.js'
import type { Logger } from '../contract/logger.js'
import { readVersion } from '../version.js'
import type { Generation } from './launch.js'

/** The first lines of the log: what runs, and where. */
export function announce({ groups }: Generation, log: Logger): void {
  log.info(`Starting tunicorn ${readVersion()}`)
  for (const { group, sockets } of groups.values()) {
    const label = groups.size > 1 ? { group: group.name } : {}
    const { name, capabilities } = group.workerClass.definition
    // A class with kinds of its own may speak anything.
    const scheme = capabilities.appKinds.some(isDetectable) ? 'http:' : 'tcp:'
    for (const { url } of sockets)
      log.info(`Listening at: ${url.replace(/^http:/, scheme)} (${process.pid})`, label)
    log.info(`Using worker: ${name}`, label)
  }
}
