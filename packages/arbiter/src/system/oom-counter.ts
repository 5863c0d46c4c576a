/** Detects whether the kernel has killed a process for lack of memory in this process's control group. Linux only. */
import { readFileSync } from 'node:fs'

export class OomCounter {
  readonly #path: string | undefined
  #last = 0

  constructor() {
    this.#path = candidates().find(path => readCount(path) !== undefined)
    this.hasRisen()
  }

  /** Whether the counter has risen since it was last read. False if there is no counter, or it cannot be read now. */
  hasRisen(): boolean {
    const now = this.#path === undefined ? undefined : readCount(this.#path)
    if (now === undefined) return false
    const risen = now > this.#last
    this.#last = now
    return risen
  }
}

/** The files with the counter: version 2, then version 1, each as seen from outside and from inside a container. */
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
