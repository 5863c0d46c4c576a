/** Tells for how long the kernel has kept a control group with a CPU quota from running. Linux only. */
import { readFileSync } from 'node:fs'

export class CpuThrottle {
  readonly #files: readonly string[]
  #totals: readonly number[]

  /** `root`: where `proc/self/cgroup` and `sys/fs/cgroup` are. */
  constructor(root = '/') {
    this.#files = statFiles(root).filter(path => throttledMs(path) !== undefined)
    this.#totals = this.#read()
  }

  /**
   * Milliseconds since the last call in which this process, or one beside it, could not run because of a quota, its own or one
   * above it. The kernel adds up processors, so it is `elapsedMs`, the time since the last call, at most. 0 where nothing tells.
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

/** Of version 2 and of version 1, of the group of this process and of those above it, as far as it sees them. */
function statFiles(root: string): readonly string[] {
  const text = textOf(`${root}proc/self/cgroup`) ?? ''
  const folder = `${root}sys/fs/cgroup`
  const unified = /^0::(.*)$/m.exec(text)?.[1]
  const [, controllers, old] = /^\d+:((?:[^:]*,)?cpu(?:,[^:]*)?):(.*)$/m.exec(text) ?? []
  return [
    ...(unified === undefined ? [] : upwards(folder, unified)),
    ...(old === undefined ? [] : upwards(`${folder}/${controllers}`, old)),
  ]
}

function upwards(folder: string, group: string): readonly string[] {
  const names = group.split('/').filter(name => name !== '' && name !== '..')
  return Array.from({ length: names.length + 1 }, (_, count) =>
    [folder, ...names.slice(0, names.length - count), 'cpu.stat'].join('/'),
  )
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
