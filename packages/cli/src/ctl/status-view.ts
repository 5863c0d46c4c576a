/** The status for a person who has ten seconds. Pure. */
import type {
  ArbiterStatus,
  AutoscaleStatus,
  CertificateStatus,
  ExitStatus,
  GroupStatus,
  ServerStatus,
  WorkerStatus,
} from '@tunicorn/arbiter/control'
import { formatBytes, formatDuration, formatShare, printable } from './quantities.js'
import { type Column, table } from './table.js'

/** A colour that is a plain text when there are none. */
type Paint = (text: string) => string

export interface Paints {
  readonly bold: Paint
  readonly dim: Paint
  readonly green: Paint
  readonly yellow: Paint
  readonly red: Paint
}

export interface View {
  /** Wall time in milliseconds. */
  readonly now: number
  /** Characters in a line. */
  readonly width: number
  readonly paint: Paints
}

/** Below it, less is shown of each worker. */
const wideFrom = 100
/** A worker gives a sign of life every second, and later only when it is blocked. */
const silentAfterMs = 3_000
const shownExits = 5
/** A certificate that holds no longer is what somebody should look at. */
const soonMs = 14 * 86_400_000

export function statusView(status: ServerStatus, view: View): string {
  return `${[arbiterView(status.arbiter, view), ...status.groups.map(group => groupView(group, view))].join('\n\n')}\n`
}

function arbiterView(
  { version, pid, state, generation, startedAt, rss, lastReload }: ArbiterStatus,
  view: View,
): string {
  const { paint, now } = view
  const head = [
    paint.bold(`tunicorn ${version}`),
    `pid ${pid}`,
    state === 'serving' ? paint.green(state) : paint.yellow(state),
    `generation ${generation}`,
    `up ${since(startedAt, now)}`,
    `arbiter ${rss === null ? '-' : formatBytes(rss)}`,
  ].join('  ')
  if (!lastReload) return head
  const ago = `${since(lastReload.at, now)} ago`
  if (lastReload.result === 'done') return `${head}\n${paint.dim(`last reload done ${ago}`)}`
  const why = printable(lastReload.error?.message.split('\n')[0] ?? '')
  return `${head}\n${cut(`last reload FAILED ${ago}: ${why}`, view, paint.red)}`
}

function groupView(group: GroupStatus, view: View): string {
  const { paint } = view
  const { name, workerClass, app, autoscale, bind, certificates, target, workers, exits } = group
  const serving = workers.filter(({ state }) => state === 'serving').length
  const count = `${serving}/${target} serving`
  const head = [
    paint.bold(name),
    serving < target ? paint.red(count) : paint.green(count),
    workerClass,
    app,
    ...bind,
  ].join('  ')
  const lines = workers.length === 0 ? [paint.dim('  no workers')] : workerTable(workers, view)
  const scaling = autoscale ? [autoscaleLine(autoscale, view)] : []
  return [
    head,
    ...scaling,
    ...certificateLines(certificates, view),
    ...lines,
    ...exitLines(exits, view),
  ].join('\n')
}

/** Why there are so many workers. */
function autoscaleLine(
  { min, max, isOn, load, reason, changedAt, isShortOfMemory }: AutoscaleStatus,
  view: View,
): string {
  const head = `  autoscale  ${min} to ${max}`
  if (!isOn)
    return cut(`${head}  off until the next reload: ${printable(reason.text)}`, view, view.paint.yellow)
  const text = `${head}  load ${load}  since ${since(changedAt, view.now)}: ${printable(reason.text)}`
  if (!isShortOfMemory) return cut(text, view, view.paint.dim)
  return cut(`${text}; no room for more in maxRssTotal`, view, view.paint.red)
}

/** How long each holds; in the order of what runs out first. */
function certificateLines(certificates: readonly CertificateStatus[], view: View): readonly string[] {
  if (certificates.length === 0) return []
  const leftMs = ({ expiresAt }: CertificateStatus): number => Date.parse(expiresAt) - view.now
  const inTurn = certificates.toSorted((a, b) => leftMs(a) - leftMs(b))
  const [first] = inTurn.map(leftMs)
  const texts = inTurn.map(each => {
    const left = leftMs(each)
    return `${printable(each.name)} ${left > 0 ? formatDuration(left) : 'EXPIRED'}`
  })
  const paint = first !== undefined && first > soonMs ? view.paint.dim : view.paint.red
  return [cut(`  certificates  ${texts.join('  ')}`, view, paint)]
}

function workerTable(workers: readonly WorkerStatus[], view: View): readonly string[] {
  const isWide = view.width >= wideFrom
  const columns = workerColumns(view).filter(column => isWide || !column.isWide)
  const [head = '', ...rows] = table(columns, workers)
  const lines = rows.flatMap((row, index) => {
    const longest = workers[index] ? longestRequest(workers[index], view.now) : ''
    if (longest === '') return [row]
    // The row has colours by now, which have no width; the head is as wide and has none.
    const room = { ...view, width: Math.max(20, view.width - head.length - 4) }
    return isWide ? [`${row}  ${cut(longest, room)}`] : [row, cut(`        ${longest}`, view, view.paint.dim)]
  })
  return [view.paint.dim(`  ${head}${isWide ? '  LONGEST REQUEST' : ''}`), ...lines.map(line => `  ${line}`)]
}

function workerColumns({ now, paint }: View): readonly Column<WorkerStatus>[] {
  return [
    { title: 'WORKER', isNumber: true, text: ({ age }) => String(age) },
    { title: 'PID', isNumber: true, text: ({ pid }) => (pid === null ? '-' : String(pid)) },
    { title: 'GEN', isNumber: true, text: ({ generation }) => String(generation) },
    {
      title: 'STATE',
      text: worker => stateText(worker, now),
      paint: worker => statePaint(worker, now, paint),
    },
    { title: 'UP', isNumber: true, text: ({ startedAt }) => since(startedAt, now) },
    { title: 'IN FLIGHT', isNumber: true, text: ({ inFlight }) => String(inFlight) },
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

/** The newest ends; those of one kind in a row are one line. */
function exitLines(exits: readonly ExitStatus[], view: View): readonly string[] {
  const runs: ExitStatus[][] = []
  for (const exit of exits) {
    const last = runs.at(-1)
    if (last?.[0]?.reason.kind === exit.reason.kind) last.push(exit)
    else runs.push([exit])
  }
  const lines = runs.slice(0, shownExits).map(([newest, ...older]) => {
    if (!newest) return ''
    const { pid, age, reason, at, isOrderly } = newest
    const count = older.length === 0 ? '' : `; and ${older.length} before it: ${printable(reason.kind)}`
    const text = `    ${since(at, view.now)} ago  worker ${age} (pid ${pid ?? '-'}) ${printable(reason.text)}${count}`
    return cut(text, view, isOrderly ? view.paint.dim : view.paint.red)
  })
  return lines.length === 0 ? [] : [view.paint.dim('  last exits'), ...lines]
}

function since(at: string, now: number): string {
  return formatDuration(now - Date.parse(at))
}

/** One line, whatever it holds. What is cut off is in `--json`. */
function cut(text: string, { width }: View, paint: Paint = plain => plain): string {
  return paint(text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`)
}
