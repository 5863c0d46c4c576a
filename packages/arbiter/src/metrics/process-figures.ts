/** The arbiter's process metrics, under the names that every Prometheus client uses. */
import { readdir } from 'node:fs/promises'
import { residentBytes } from '../system/resident-bytes.js'
import { type MetricValues, single } from './metric-value.js'

const descriptors = process.platform === 'linux' ? '/proc/self/fd' : '/dev/fd'

export async function processFigures(): Promise<MetricValues> {
  const { user, system } = process.cpuUsage()
  const fds = await countDescriptors()
  const rss = residentBytes()
  return {
    ...(rss !== undefined && { process_resident_memory_bytes: single(rss) }),
    process_cpu_seconds_total: single((user + system) / 1_000_000),
    process_start_time_seconds: single(performance.timeOrigin / 1_000),
    ...(fds !== undefined && { process_open_fds: single(fds) }),
  }
}

/** Excludes the descriptor that is open for listing them. */
async function countDescriptors(): Promise<number | undefined> {
  try {
    return (await readdir(descriptors)).length - 1
  } catch {
    return undefined
  }
}
