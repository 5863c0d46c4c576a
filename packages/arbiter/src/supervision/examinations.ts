/** How examinations change the state. Each worker has at most one at a time, and each is limited in time. No I/O. */
import { TunicornError } from '../errors.js'
import type { FromHost, StackReport } from '../protocol/messages.js'
import type { Examination, ExaminationOrder } from './examination.js'
import type { Writable } from './state.js'
import type { WorkerRow } from './worker-table.js'

/** A watchdog checks twenty times a second, gives native code 700 ms, and source maps 2 s. `tunicorn ctl` waits 5 s. */
const stackMs = 4_000
/** The event loop of a worker may be busy for a while. */
const inspectMs = 3_000
/** In addition to the seconds that were asked for. */
const profileMarginMs = 30_000
/** Enough for several gigabytes to a slow disk. */
const snapshotMs = 300_000

/** @throws TunicornError `WORKER_BUSY` */
export function beginExamination(
  row: Writable<WorkerRow>,
  order: ExaminationOrder,
  now: number,
): Examination {
  if (isExamined(row, now))
    throw new TunicornError(
      'WORKER_BUSY',
      `Worker ${row.age} is being examined already; ask again when that is done`,
    )
  row.examination = {
    order,
    until: now + longestMs(order),
    isOver: false,
    problem: undefined,
    stack: undefined,
    inspector: undefined,
  }
  return row.examination
}

/** Whether an examination is under way. */
export function isExamined({ examination }: WorkerRow, now: number): boolean {
  return examination !== undefined && !examination.isOver && now < examination.until
}

/** The watchdog has reported the stack. */
export function applyStack(row: Writable<WorkerRow>, stack: StackReport): void {
  const { examination } = row
  if (examination?.order.type === 'stack') row.examination = { ...examination, isOver: true, stack }
}

/** The worker has written the file, or says why not. */
export function applyExamined(
  row: Writable<WorkerRow>,
  { file, problem }: Extract<FromHost, { readonly type: 'examined' }>,
): void {
  const { examination } = row
  if (examination?.order.type !== 'file' || examination.order.file !== file) return
  row.examination = { ...examination, isOver: true, problem }
}

/** The worker has opened or closed its inspector, or says why not. */
export function applyInspected(
  row: Writable<WorkerRow>,
  { inspector, problem }: Extract<FromHost, { readonly type: 'inspected' }>,
): void {
  const { examination } = row
  if (examination?.order.type !== 'inspect') return
  row.examination = { ...examination, isOver: true, problem, inspector }
}

/**
 * The examination of a worker once it is over. `row`: absent if the worker has ended.
 *
 * @throws TunicornError `EXAMINATION_FAILED`
 */
export function overExamination(
  {
    age,
    row,
    order,
  }: { readonly age: number; readonly row: WorkerRow | undefined; readonly order: ExaminationOrder },
  now: number,
): Examination | undefined {
  if (!row) throw failed(`Worker ${age} has ended meanwhile`)
  const { examination } = row
  if (examination?.order !== order) throw failed(`Worker ${age} has not answered in time`)
  if (examination.problem !== undefined)
    throw failed(`Worker ${age} could not ${deeds[order.type]}: ${examination.problem}`)
  if (examination.isOver) return examination
  if (now >= examination.until) throw failed(`Worker ${age} ${unanswered(row, order)}`)
  return undefined
}

const deeds: Readonly<Record<ExaminationOrder['type'], string>> = {
  stack: 'tell its stack',
  file: 'write what was asked for',
  inspect: 'do that with its inspector',
}

function unanswered({ bootedAt }: WorkerRow, { type }: ExaminationOrder): string {
  if (type !== 'stack')
    return 'has not answered in time: its event loop may be blocked. `tunicorn ctl stack` shows where'
  return bootedAt === undefined
    ? 'has told no stack: it boots, and has no watchdog before it is ready'
    : 'has told no stack: its worker class keeps no watchdog, or its process is stopped'
}

function failed(message: string): TunicornError {
  return new TunicornError('EXAMINATION_FAILED', message)
}

function longestMs(order: ExaminationOrder): number {
  if (order.type === 'stack') return stackMs
  if (order.type === 'inspect') return inspectMs
  const { examination } = order
  return examination.type === 'profile' ? examination.seconds * 1_000 + profileMarginMs : snapshotMs
}
