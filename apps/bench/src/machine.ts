import { readFileSync } from 'node:fs'
import { cpus, release, type } from 'node:os'

/** One line that says where the figures come from. */
export function machineLine(loadTool: string): string {
  const processors = cpus()
  const model = processors[0]?.model.trim() ?? 'unknown processor'
  const machine = `${model}, ${processors.length} cores, Node.js ${process.version}, ${type()} ${release()}`
  return `${machine}${hasAutogroups() ? ', autogroups on' : ''}, load from ${loadTool}`
}

/** Whether the kernel shares the processors among sessions instead of processes; see sched(7). */
function hasAutogroups(): boolean {
  try {
    return readFileSync('/proc/sys/kernel/sched_autogroup_enabled', 'utf8').trim() === '1'
  } catch {
    return false
  }
}
