/** The number of workers for `auto`. */
import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { cpuGroups } from '../system/cpu-groups.js'

/** The input of {@link usableParallelism}. */
export interface Machine {
  /** The number of processors that this process may run on. */
  readonly processors: number
  /** Reads a small text file. Returns `undefined` if it does not exist. */
  readonly read: (path: string) => string | undefined
}

/**
 * The number of processors that this process can really use: those that it may run on, limited by the CPU quotas of its control
 * group and of that group's ancestors. Node itself considers quotas only in later versions. At least 1.
 */
export function usableParallelism(machine: Machine = thisMachine()): number {
  const groups = cpuGroups(machine.read('/proc/self/cgroup') ?? '', mount)
  // If the group's own folder is not visible, the visible root may be that folder.
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

/** Version 2 has the quota and the period in one file, with `max` for no quota. Version 1 has -1 for no quota. */
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
