/** The workers of a server, according to its log. */
import { isAlive } from './process-facts.js'
import type { RunningProcess } from './running-process.js'

/** Process ids of the workers that were booted, in order. */
export function bootedPids({ output }: RunningProcess): readonly number[] {
  return [...output.matchAll(/Booting worker with pid: (\d+)\b/g)].map(([, pid]) => Number(pid))
}

/** The same, once there are `count` of them. */
export async function waitForWorkers(server: RunningProcess, count: number): Promise<readonly number[]> {
  await server.waitForTimes('Booting worker with pid: ', count)
  return bootedPids(server)
}

/** Process ids of the workers that were booted and have not been reaped. A server logs this at the level `debug`. */
export function unreapedPids(server: RunningProcess): readonly number[] {
  const reaped = new Set(
    [...server.output.matchAll(/Worker exiting \(pid: (\d+)\)/g)].map(([, pid]) => Number(pid)),
  )
  return bootedPids(server).filter(pid => !reaped.has(pid))
}

/**
 * The workers that are still alive when the server has ended. One whose output is closed may be about to end, so it
 * gets a moment for that.
 */
export async function survivors(server: RunningProcess): Promise<readonly number[]> {
  const end = performance.now() + 5_000
  for (;;) {
    const pids = bootedPids(server).filter(isAlive)
    if (pids.length === 0 || performance.now() > end) return pids
    // Only its parent learns of the end of a process.
    await new Promise(resolve => setTimeout(resolve, 10))
  }
}
