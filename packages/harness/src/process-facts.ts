/** What the kernel says about a process. Linux only, except for `isAlive`. */
import { readdirSync, readFileSync } from 'node:fs'

/** A process that has ended and was not reaped is not alive. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  return process.platform !== 'linux' || !/^(Z|)$/.test(stateOf(pid).state)
}

/** The children of a process that have ended and were not reaped. */
export function zombiesOf(parent: number): readonly number[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .map(Number)
    .filter(pid => {
      const found = stateOf(pid)
      return found.state === 'Z' && found.parent === parent
    })
}

export function openDescriptors(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length
}

/** Resident memory of the process in bytes. */
export function residentBytes(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Number(kilobytes) * 1024
}

/** The state is empty if the process is gone. */
function stateOf(pid: number): { readonly state: string; readonly parent: number } {
  try {
    // The name of the program is in parentheses and may contain anything.
    const [, state = '', parent] =
      /^\d+ \(.*\) (\w) (\d+)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? []
    return { state, parent: Number(parent) }
  } catch {
    return { state: '', parent: 0 }
  }
}
