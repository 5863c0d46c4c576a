/** The workers of a group, one line for each, and the longest request of those that have one. Pure. */
import type { WorkerStatus } from '@tunicorn/arbiter/control'
import { formatBytes, formatRate, formatShare, printable } from './quantities.js'
import { type Column, table } from './table.js'
import { cut, type Paint, type Paints, since, type View } from './view.js'

/** Below it, less is shown of each worker. */
const wideFrom = 100
/** A worker gives a sign of life every second, and later only when it is blocked. */
const silentAfterMs = 3_000
/** Characters of a request that are worth showing beside the worker. */
const leastRoom = 20

/** In front of the line of the worker that is selected. */
export const selectedMark = '> '

/** A line of titles first. */
export function workerLines(workers: readonly WorkerStatus[], view: View): readonly string[] {
  const isWide = view.width >= wideFrom
  const columns = workerColumns(view).filter(column => isWide || !column.isWide)
  const [head = '', ...rows] = table(columns, workers)
  // The row has colours by now, which have no width; the head is as wide and has none.
  const room = view.width - head.length - 4
  const isBeside = isWide && room >= leastRoom
  const lines = rows.flatMap((row, index) => {
    const worker = workers[index]
    const line = `${worker?.age === view.selected ? selectedMark : '  '}${row}`
    const longest = worker ? longestRequest(worker, view.now) : ''
    if (longest === '') return [line]
    return isBeside
      ? [`${line}  ${cut(longest, { width: room })}`]
      : [line, cut(`          ${longest}`, view, view.paint.dim)]
  })
  return [view.paint.dim(`  ${head}${isBeside ? '  LONGEST REQUEST' : ''}`), ...lines]
}

function workerColumns({ now, paint, traffic }: View): readonly Column<WorkerStatus>[] {
  const isWide = traffic !== undefined
  const perSecond = ({ age }: WorkerStatus): string => formatRate(traffic?.workers.get(age))
  return [
    { title: 'WORKER', isNumber: true, text: ({ age }) => String(age) },
    ...(traffic ? [{ title: 'SLOT', isNumber: true, text: ({ slot }: WorkerStatus) => String(slot) }] : []),
    { title: 'PID', isNumber: true, text: ({ pid }) => (pid === null ? '-' : String(pid)) },
    { title: 'GEN', isNumber: true, isWide, text: ({ generation }) => String(generation) },
    {
      title: 'STATE',
      text: worker => stateText(worker, now),
      paint: worker => statePaint(worker, now, paint),
    },
    { title: 'UP', isNumber: true, isWide, text: ({ startedAt }) => since(startedAt, now) },
    { title: 'IN FLIGHT', isNumber: true, text: ({ inFlight }) => String(inFlight) },
    ...(traffic ? [{ title: 'REQ/S', isNumber: true, text: perSecond }] : []),
    { title: 'REQUESTS', isNumber: true, isWide: true, text: ({ requests }) => String(requests) },
    { title: 'CONN', isNumber: true, isWide: true, text: ({ connections }) => String(connections) },
    { title: 'MEMORY', isNumber: true, text: ({ rss }) => (rss === 0 ? '-' : formatBytes(rss)) },
    { title: 'LOOP', isNumber: true, text: ({ eventLoopUtilization }) => formatShare(eventLoopUtilization) },
    {
      title: 'DELAY',
      isNumber: true,
      isWide: true,
      text: ({ eventLoopDelayP99 }) => `${Math.round(eventLoopDelayP99)} ms`,
    },
  ]
}

function isSilent({ state, lastSeenAt }: WorkerStatus, now: number): boolean {
  return state !== 'booting' && now - Date.parse(lastSeenAt) > silentAfterMs
}

function stateText(worker: WorkerStatus, now: number): string {
  if (isSilent(worker, now)) return `${worker.state}, silent ${since(worker.lastSeenAt, now)}`
  return worker.reason === null ? worker.state : `${worker.state} (${printable(worker.reason.kind)})`
}

function statePaint(worker: WorkerStatus, now: number, paint: Paints): Paint {
  if (isSilent(worker, now)) return paint.red
  if (worker.state === 'standby') return paint.dim
  return worker.state === 'serving' && worker.reason === null ? paint.green : paint.yellow
}

function longestRequest({ requestsInFlight: [longest] }: WorkerStatus, now: number): string {
  if (!longest) return ''
  return `${since(longest.startedAt, now)}  ${printable(`${longest.method} ${longest.target}`)}`
}
