/** Measures how long the kernel has kept a control group with a CPU quota from running. Linux only. */
import { readFileSync } from 'node:fs'
import { cpuGroups } from './cpu-groups.js'

export class CpuThrottle {
  readonly #files: readonly string[]
  #totals: readonly number[]

  /** `root`: where `proc/self/cgroup` and `sys/fs/cgroup` are. */
  constructor(root = '/') {
    this.#files = statFiles(root).filter(path => throttledMs(path) !== undefined)
    this.#totals = this.#read()
  }

  /**
   * How many milliseconds since the last call this process, or one in the same group, could not run because of a quota of its group
   * or of one above. The kernel adds up processors, so the result is at most `elapsedMs`, the time since the last call. 0 if unknown.
   */
  takeMs(elapsedMs: number): number {
    const before = this.#totals
    this.#totals = this.#read()
    const increases = this.#totals.map((total, index) => total - (before[index] ?? 0))
    return Math.max(0, Math.min(elapsedMs, ...(increases.length > 0 ? [Math.max(...increases)] : [0])))
  }

  #read(): readonly number[] {
    return this.#files.map(path => throttledMs(path) ?? 0)
  }
}

function statFiles(root: string): readonly string[] {
  const text = textOf(`${root}proc/self/cgroup`) ?? ''
  return cpuGroups(text, `${root}sys/fs/cgroup`).map(folder => `${folder}/cpu.stat`)
}

function throttledMs(path: string): number | undefined {
  const [, unit, digits] = /^throttled_(usec|time) (\d+)$/m.exec(textOf(path) ?? '') ?? []
  if (digits === undefined) return undefined
  return Number(digits) / (unit === 'usec' ? 1_000 : 1_000_000)
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
