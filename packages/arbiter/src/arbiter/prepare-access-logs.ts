/** Creates the access log files in the arbiter before a worker needs them, so that a problem with one is reported once. */
import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import type { ResolvedConfig } from '../config/settings.js'
import { logFailed, logMode, openFileLater } from '../output/output-target.js'
import type { Identity } from '../system/identity.js'

/** @throws TunicornError `LOG_FAILED` naming the file that cannot be written */
export async function prepareAccessLogs({ groups, identity }: ResolvedConfig): Promise<void> {
  const files = new Set(groups.map(({ settings }) => settings.accessLog))
  for (const file of files) if (file !== '' && file !== '-') await prepare(file, identity)
}

async function prepare(file: string, identity: Identity | undefined): Promise<void> {
  try {
    if (await createFor(file, identity)) return
    const target = await openFileLater(file)
    target.close()
  } catch (cause) {
    throw logFailed('access log', file, cause)
  }
}

const { O_APPEND, O_CREAT, O_EXCL, O_WRONLY } = constants

/**
 * A file that workers will write as another user belongs to them from the start. One that exists keeps its owner: somebody
 * who can replace it with a link must not become the owner of the file behind the link.
 */
async function createFor(file: string, identity: Identity | undefined): Promise<boolean> {
  try {
    await using created = await open(file, O_WRONLY | O_APPEND | O_CREAT | O_EXCL, logMode)
    if (identity) await created.chown(identity.uid, identity.gid)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}
