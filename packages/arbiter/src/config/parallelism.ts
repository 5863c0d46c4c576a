/** How many workers `auto` is. */
import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { cpuGroups } from '../system/cpu-groups.js'

/** What {@link usableParallelism} looks at. */
export interface Machine {
  /** Processors that this process may run on. */
  readonly processors: number
  /** Reads a small text file; `undefined` when it is not there. */
  readonly read: (path: string) => string | undefined
}

/**
 * Processors that this process can really use: those it may run on, limited by the CPU quotas of its control group and of
 * those above it, which Node itself looks at only in later versions. At least 1.
 */
export function usableParallelism(machine: Machine = thisMachine()): number {
  const groups = cpuGroups(machine.read('/proc/self/cgroup') ?? '', mount)
  // Where the group's own folder is not to be seen, the root of what is seen may be it.
  const folders = new Set([...groups, mount, `${mount}/cpu`])
  const quotas = [...folders].flatMap(folder => quotaOf(folder, machine.read) ?? [])
  return Math.max(1, Math.min(machine.processors, ...quotas.map(Math.floor)))
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

const mount = '/sys/fs/cgroup'

/** Version 2 has quota and period in one file, with `max` for no quota; version 1 has -1. */
function quotaOf(folder: string, read: Machine['read']): number | undefined {
  const [quota, period] = (read(`${folder}/cpu.max`) ?? '').trim().split(/\s+/).map(Number)
  return (
    ratio(quota, period) ??
    ratio(Number(read(`${folder}/cpu.cfs_quota_us`)), Number(read(`${folder}/cpu.cfs_period_us`)))
  )
}

function ratio(quota: number | undefined, period: number | undefined): number | undefined {
  return quota !== undefined && period !== undefined && quota > 0 && period > 0 ? quota / period : undefined
}
