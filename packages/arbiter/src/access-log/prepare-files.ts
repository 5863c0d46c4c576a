/** Makes the files of access logs in the arbiter, before a worker needs them: what is wrong with one is then said once. */
import { closeSync, constants, fchownSync, openSync } from 'node:fs'
import type { ResolvedConfig } from '../config/settings.js'
import { logFailed, logMode, openFile } from '../output/output-target.js'
import type { Identity } from '../process/identity.js'

/** @throws TunicornError `LOG_FAILED` naming the file that cannot be written */
export function prepareAccessLogs({ groups, identity }: ResolvedConfig): void {
  const files = new Set(groups.map(({ settings }) => settings.accessLog))
  for (const file of files) if (file !== '' && file !== '-') prepare(file, identity)
}

function prepare(file: string, identity: Identity | undefined): void {
  try {
    if (!createFor(file, identity)) openFile(file).close()
  } catch (cause) {
    throw logFailed('access log', file, cause)
  }
}

const { O_APPEND, O_CREAT, O_EXCL, O_WRONLY } = constants

/**
 * A file that workers of another user are to write is theirs from the start. One that exists keeps its owner: who can
 * replace it with a link must not be given the file behind the link.
 */
function createFor(file: string, identity: Identity | undefined): boolean {
  try {
    const fd = openSync(file, O_WRONLY | O_APPEND | O_CREAT | O_EXCL, logMode)
    if (identity) fchownSync(fd, identity.uid, identity.gid)
    closeSync(fd)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}
