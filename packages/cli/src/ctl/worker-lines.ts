/** The workers of a group, one line for each, with its longest request if there is one. Pure. */
import type { WorkerStatus } from '@tunicorn/arbiter/control'
import { formatBytes, formatRate, formatShare, printable } from './quantities.js'
import { type Column, table } from './table.js'
import { cut, type Paint, type Paints, since, type View } from './view.js'

/** If the width is smaller, less of each worker is shown. */
const wideFrom = 100
/** A worker sends a heartbeat every second. It is late only when the worker is blocked. */
const silentAfterMs = 3_000
/** The fewest characters of a request that are worth showing on the line of its worker. */
const leastRoom = 20

/** Put before the line of the selected worker. */
export const selectedMark = '> '

/** The first line is that of the titles. */
export function workerLines(workers: readonly WorkerStatus[], view: View): readonly string[] {
  const isWide = view.width >= wideFrom
  const columns = workerColumns(view).filter(column => isWide || !column.isWide)
  const [head = '', ...rows] = table(columns, workers)
  // By now the row contains colours, which have no width. The head is as wide and has none.
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
