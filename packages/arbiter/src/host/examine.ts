/** Examines this process on request. The result is written to a file, because it is too large for the channel. */
import { writeFile } from 'node:fs/promises'
import { type Profiler, Session } from 'node:inspector/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { writeHeapSnapshot } from 'node:v8'
import { assertNever } from '../assert-never.js'
import type { FileExamination, FromHost, ToHost } from '../protocol/messages.js'
import type { Watchdog } from './watchdog.js'

/** Never rejects: a failure is reported in the answer. */
export async function examine(
  { examination, file }: Extract<ToHost, { readonly type: 'examine' }>,
  watchdog: Watchdog | undefined,
): Promise<Extract<FromHost, { readonly type: 'examined' }>> {
  try {
    await write(examination, file, watchdog)
    return { type: 'examined', file }
  } catch (error) {
    return { type: 'examined', file, problem: error instanceof Error ? error.message : String(error) }
  }
}

async function write(
  examination: FileExamination,
  file: string,
  watchdog: Watchdog | undefined,
): Promise<void> {
  switch (examination.type) {
    case 'profile': {
      const profile = await profiled(examination.seconds * 1_000)
      return writeFile(file, JSON.stringify(profile), { flag: 'wx', mode: 0o600 })
    }
    case 'heap-snapshot': {
      // Nothing else runs during a heap snapshot.
      const snapshot = (): void => void writeHeapSnapshot(file)
      return watchdog ? watchdog.holdUp(snapshot) : snapshot()
    }
    default:
      return assertNever(examination)
  }
}

async function profiled(ms: number): Promise<Profiler.Profile> {
  const session = new Session()
  session.connect()
  try {
    await session.post('Profiler.enable')
    await session.post('Profiler.start')
    await wait(ms, undefined, { ref: false })
    return (await session.post('Profiler.stop')).profile
  } finally {
    session.disconnect()
  }
}
