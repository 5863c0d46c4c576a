/** Processor time of a server with all its processes. */
import { readFileSync } from 'node:fs'

/** Linux counts it in hundredths of a second, on every machine that Node runs on. */
const tickUs = 10_000

/**
 * Microseconds that a process and its living descendants have used so far, in their own code and in the kernel.
 * `undefined` where there is no `/proc`.
 */
export function processorTimeUs(pid: number): number | undefined {
  const ticks = ticksOf(pid)
  if (ticks === undefined) return undefined
  return childrenOf(pid).reduce((sum, child) => sum + (processorTimeUs(child) ?? 0), ticks * tickUs)
}

/** User and system time: the 14th and 15th field in proc(5). The second field may contain anything. */
function ticksOf(pid: number): number | undefined {
  const fields = read(`/proc/${pid}/stat`)?.split(') ').at(-1)?.split(' ')
  return fields && Number(fields[11]) + Number(fields[12])
}

function childrenOf(pid: number): readonly number[] {
  const text = read(`/proc/${pid}/task/${pid}/children`)?.trim()
  return text ? text.split(' ').map(Number) : []
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
