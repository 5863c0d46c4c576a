import type { Logger } from '../contract/logger.js'
import { shownUrls } from '../control/shown-urls.js'
import type { BoundSocket } from '../sockets/bind.js'
import type { Generation } from '../supervision/launch.js'
import { readVersion } from '../version.js'

/** The first lines of the log: what runs, and where. */
export function announce({ groups }: Generation, log: Logger): void {
  log.info(`Starting tunicorn ${readVersion()}`)
  for (const launch of groups.values()) {
    const { group, sockets, open } = launch
    const label = groups.size > 1 ? { group: group.name } : {}
    const { name, capabilities } = group.workerClass.definition
    const listening = (bound: readonly BoundSocket[]): void => {
      for (const url of shownUrls(capabilities, { ...launch, sockets: bound }))
        log.info(`Listening at: ${url} (${process.pid})`, label)
    }
    listening(sockets)
    open?.whenBound(listening)
    log.info(`Using worker: ${name}`, label)
    if (group.inspector)
      log.info(
        'Debugging: one worker, which neither a timeout nor a limit ends (settings `inspect`, `inspectBrk`)',
        label,
      )
  }
}
