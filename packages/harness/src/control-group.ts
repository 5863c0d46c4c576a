/** A control group of the kernel, which takes processor time or memory away from a running server. */
import { mkdirSync, rmdirSync, writeFileSync } from 'node:fs'

export interface ControlGroup extends Disposable {
  /** A process joins the group by writing its id here. */
  readonly procs: string
  /** `cpu`: microseconds of processor time in 100 ms. `memory`: bytes. */
  limit(amount: number): void
}

type Resource = 'cpu' | 'memory'

/** For the first and the second version of control groups. */
const places: Readonly<Record<Resource, readonly (readonly [folder: string, limit: string])[]>> = {
  cpu: [
    ['/sys/fs/cgroup/cpu', 'cpu.cfs_quota_us'],
    ['/sys/fs/cgroup', 'cpu.max'],
  ],
  memory: [
    ['/sys/fs/cgroup/memory', 'memory.limit_in_bytes'],
    ['/sys/fs/cgroup', 'memory.max'],
  ],
}

let count = 0

/** A group with a limit of `amount`, or `undefined` where this process may not make one. It has to be empty when it is disposed. */
export function controlGroup(resource: Resource, amount: number): ControlGroup | undefined {
  count += 1
  for (const [folder, name] of places[resource]) {
    const path = `${folder}/tunicorn-test-${process.pid}-${count}`
    const limit = (to: number): void => writeFileSync(`${path}/${name}`, String(to))
    try {
      mkdirSync(path)
      limit(amount)
    } catch {
      continue
    }
    return { procs: `${path}/cgroup.procs`, limit, [Symbol.dispose]: () => rmdirSync(path) }
  }
  return undefined
}
