/** What the kernel says about a process that does not answer, on Linux; empty elsewhere. */
import { readFileSync } from 'node:fs'

/** `state`, `wchan` (the kernel function it waits in) and `syscall` (its number), as far as they can be read. */
export function kernelState(directory: string): Readonly<Record<string, string>> {
  const read = (name: string): string => {
    try {
      return readFileSync(`${directory}/${name}`, 'utf8').trim()
    } catch {
      return ''
    }
  }
  const state = /^State:\s*(.*)$/m.exec(read('status'))?.[1] ?? ''
  const found = { state, wchan: read('wchan'), syscall: read('syscall').split(' ')[0] ?? '' }
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== '' && value !== '0'))
}
