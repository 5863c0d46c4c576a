/** Knows whether the kernel has killed for want of memory in this process's control group. Linux only. */
import { readFileSync } from 'node:fs'

export class OomCounter {
  readonly #path: string | undefined
  #last = 0

  constructor() {
    this.#path = candidates().find(path => readCount(path) !== undefined)
    this.hasRisen()
  }

  /** Whether the counter has risen since it was last read. False where there is no counter, or none can be read now. */
  hasRisen(): boolean {
    const now = this.#path === undefined ? undefined : readCount(this.#path)
    if (now === undefined) return false
    const risen = now > this.#last
    this.#last = now
    return risen
  }
}

/** The files with the counter: of version 2, then of version 1, seen from outside and from inside a container. */
function candidates(): readonly string[] {
  const text = readText('/proc/self/cgroup') ?? ''
  const unified = /^0::(.*)$/m.exec(text)?.[1] ?? '/'
  const memory = /^\d+:[^:]*\bmemory\b[^:]*:(.*)$/m.exec(text)?.[1] ?? '/'
  return [
    `/sys/fs/cgroup${unified}/memory.events`,
    '/sys/fs/cgroup/memory.events',
    `/sys/fs/cgroup/memory${memory}/memory.oom_control`,
    '/sys/fs/cgroup/memory/memory.oom_control',
  ]
}

function readCount(path: string): number | undefined {
  const count = /^oom_kill (\d+)$/m.exec(readText(path) ?? '')?.[1]
  return count === undefined ? undefined : Number(count)
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
