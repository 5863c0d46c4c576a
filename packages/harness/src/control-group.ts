/** A control group of the kernel, to take a processor or memory away from a server that runs. */
import { mkdirSync, rmdirSync, writeFileSync } from 'node:fs'

export interface ControlGroup extends Disposable {
  /** A process that is to be in it writes its id here. */
  readonly procs: string
  /** `cpu`: microseconds of processor time in 100 ms. `memory`: bytes. */
  limit(amount: number): void
}

type Resource = 'cpu' | 'memory'

/** Of the first and the second version of control groups. */
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

/** With a limit of `amount`; `undefined` where this process may not make one. It has to be empty when it is disposed. */
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
