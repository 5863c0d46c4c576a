/** Reports honestly why a worker process ended. Pure. */

import type { HeapExhaustion } from '../process/heap-exhaustion.js'
import type { ProcessExit } from '../process/spawner.js'
import type { ReasonKind } from './reason.js'
import type { WorkerRow } from './worker-table.js'

export interface ExitReport {
  readonly kind: ReasonKind
  /** For people. */
  readonly text: string
  readonly level: 'info' | 'warn' | 'error'
  /** Requests that it had in flight. @default 0 */
  readonly lost?: number
}

/** `isOom`: the kernel's own counter says that it killed because memory ran out. */
export function reportExit(row: WorkerRow, exit: ProcessExit, isOom = false): ExitReport {
  if (row.killed) {
    const { kind, text } = row.killed.reason
    return { kind, text: `was killed because ${text}`, level: 'warn' }
  }
  const how = exit.signal ? `was ended by ${exit.signal}` : `exited with code ${exit.code}`
  if (isOom && exit.signal === 'SIGKILL')
    return {
      kind: 'oom',
      text: 'was sent SIGKILL! Perhaps out of memory? The kernel counted an OOM kill',
      level: 'error',
    }
  if (exit.heap && exit.code !== 0) return { kind: 'heap', text: heapText(exit.heap), level: 'error' }
  if (row.bootError) return { kind: 'boot-failed', text: 'failed to boot', level: 'error' }
  if (row.state === 'booting' || row.state === 'standby')
    return row.drain
      ? { kind: row.drain.reason.kind, text: `${how} (${row.drain.reason.text})`, level: 'info' }
      : { kind: 'boot-failed', text: `${how} before it was ready`, level: 'error' }
  if (exit.signal) return { kind: 'signal', text: `${how}, which the arbiter did not send`, level: 'error' }
  if (exit.code !== 0) return { kind: 'exited', text: how, level: 'error' }
  if (row.drain)
    return { kind: row.drain.reason.kind, text: `${how} (${row.drain.reason.text})`, level: 'info' }
  return { kind: 'exited', text: `${how} without being told to`, level: 'warn' }
}

function heapText({ limit }: HeapExhaustion): string {
  const size = limit === undefined ? '' : ` of ${Math.round(limit / 1_048_576)} MiB`
  return `was ended by V8 because its heap${size} is exhausted: see what the app keeps, or raise --max-old-space-size`
}

/** How a reload or an upgrade describes a worker that was lost because of the new code. */
export function problemOf({ servingAt }: WorkerRow, { text }: ExitReport, now: number): string {
  if (servingAt === undefined) return `a worker ${text}`
  return `a worker ${text} after it had served for ${((now - servingAt) / 1_000).toFixed(1)} s`
}
