/** Arbiters that an upgrade has started: they lead groups of their own, which the harness does not end. */
import type { RunningProcess } from '@tunicorn/harness'
import { isAlive } from './run-arbiter.js'

/** Process ids of all of them, in order. */
function successorPids(server: RunningProcess): readonly number[] {
  return [...server.output.matchAll(/starting a new arbiter with pid: (\d+)/g)].map(match => Number(match[1]))
}

/** Upgrades the arbiter with this pid; resolves with the pid of the new one once the old one is gone. */
export async function upgrade(server: RunningProcess, pid: number): Promise<number> {
  const before = server.output.length
  process.kill(pid, 'SIGUSR2')
  await server.waitForOutput(new RegExp(`^[\\s\\S]{${before}}[\\s\\S]*Master has been promoted`))
  return successorPids(server).at(-1) ?? 0
}

/** Ends those that are left. */
export function reapingSuccessors(server: RunningProcess): Disposable {
  return {
    [Symbol.dispose]() {
      for (const pid of successorPids(server)) if (isAlive(pid)) process.kill(pid, 'SIGKILL')
    },
  }
}
