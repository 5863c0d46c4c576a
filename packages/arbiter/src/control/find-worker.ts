/** Finds the worker that a number from the status means. Pure. */
import { TunicornError } from '../errors.js'
import type { WorkerRow } from '../supervision/worker-table.js'

/** @throws TunicornError `WORKER_UNKNOWN` */
export function findWorker(rows: readonly WorkerRow[], number: number): WorkerRow {
  const found = rows.filter(({ age, pid }) => age === number || pid === number)
  const [row] = found
  if (row && found.length === 1) return row
  if (row)
    throw new TunicornError(
      'WORKER_UNKNOWN',
      `${number} is the age of one worker and the pid of another: ${listOf(found)}. Name the one by its other number`,
    )
  const list = rows.length === 0 ? 'no workers at all' : listOf(rows)
  throw new TunicornError('WORKER_UNKNOWN', `There is no worker of age or pid ${number}; there are: ${list}`)
}

function listOf(rows: readonly WorkerRow[]): string {
  return rows.map(({ age, pid }) => `${age} (pid ${pid ?? 'unknown'})`).join(', ')
}
