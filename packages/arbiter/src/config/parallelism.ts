/** How many workers `auto` is. */
import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'

/** What {@link usableParallelism} looks at. */
export interface Machine {
  /** Processors that this process may run on. */
  readonly processors: number
  /** Reads a small text file; `undefined` when it is not there. */
  readonly read: (path: string) => string | undefined
}

/**
 * Processors that this process can really use: those it may run on, limited by the CPU quota of its container, which
 * Node itself looks at only in later versions. At least 1.
 */
export function usableParallelism(machine: Machine = thisMachine()): number {
  const quota = quotaOf(machine.read('/sys/fs/cgroup/cpu.max')) ?? oldQuotaOf(machine)
  const allowed = quota === undefined ? machine.processors : Math.floor(quota)
  return Math.max(1, Math.min(machine.processors, allowed))
}

function thisMachine(): Machine {
  return { processors: availableParallelism(), read: readOrNothing }
}

function readOrNothing(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

/** Second version of control groups: quota and period in one file, `max` for no quota. */
function quotaOf(text: string | undefined): number | undefined {
  const [quota, period] = (text ?? '').trim().split(/\s+/).map(Number)
  return ratio(quota, period)
}

function oldQuotaOf({ read }: Machine): number | undefined {
  const folder = '/sys/fs/cgroup/cpu'
  return ratio(Number(read(`${folder}/cpu.cfs_quota_us`)), Number(read(`${folder}/cpu.cfs_period_us`)))
}

function ratio(quota: number | undefined, period: number | undefined): number | undefined {
  return quota !== undefined && period !== undefined && quota > 0 && period > 0 ? quota / period : undefined
}
