import type { WorkerRow } from './worker-table.js'

/** Neither leaving nor dying: counts toward the target. */
export function isLive(row: WorkerRow): boolean {
  return (
    !row.drain &&
    !row.killed &&
    row.abortedAt === undefined &&
    row.state !== 'closed' &&
    row.state !== 'draining'
  )
}
