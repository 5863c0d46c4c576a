/** The status for a reader who has ten seconds. Pure. */
import type {
  ArbiterStatus,
  AutoscaleStatus,
  CertificateStatus,
  ExitStatus,
  GroupStatus,
  ServerStatus,
} from '@tunicorn/arbiter/control'
import { formatBytes, formatDuration, formatRate, printable } from './quantities.js'
import { cut, since, type View } from './view.js'
import { workerLines } from './worker-lines.js'

const shownExits = 5
/** A certificate that expires within this time needs attention. */
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
    ...trafficTexts(name, view),
    workerClass,
    app,
    ...bind,
  ].join('  ')
  const lines = workers.length === 0 ? [paint.dim('  no workers')] : workerLines(workers, view)
  const scaling = autoscale ? [autoscaleLine(autoscale, view)] : []
  return [
    head,
    ...scaling,
    ...certificateLines(certificates, view),
    ...lines,
    ...exitLines(exits, view),
  ].join('\n')
}

function trafficTexts(group: string, { traffic, paint }: View): readonly string[] {
  if (!traffic) return []
  const { perSecond, p50, p99 } = traffic.groups.get(group) ?? {}
  return [paint.bold(`${formatRate(perSecond)}/s`), `p50 ${p50 ?? '-'}`, `p99 ${p99 ?? '-'}`]
}

/** Why the group has this many workers. */
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

/** How long each certificate is still valid. Those that expire first come first. */
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

/** The most recent exits. Several of one kind in a row share a line. */
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
