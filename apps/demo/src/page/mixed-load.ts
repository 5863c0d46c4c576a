/** The section that compares the classes under the same load. */
import { lanes } from '../shared/lane.js'
import type { LaneSummary, Progress } from '../shared/progress.js'
import { Chart } from './chart.js'
import { element, find, setText } from './dom.js'
import { milliseconds } from './format.js'
import { laneFacts } from './lane-facts.js'
import type { Orders } from './orders.js'
import { bindRunButtons } from './run-button.js'

/** For each class. */
const seconds = 6

/** Milliseconds that a logarithmic axis can show. */
const minMs = 1

const stateTexts = {
  running: 'starting…',
  stopped: 'Stopped.',
  done: 'Done. The fast route waits where the event loop is busy, and where each request needs a process.',
  problem: '',
} as const

export function bindMixedLoad(orders: Orders, count: (summary: LaneSummary) => void): void {
  const latency = new Chart(find('latency', HTMLElement), {
    lines: [{ isDashed: false }, { isDashed: true }],
    isLogarithmic: true,
  })
  const throughput = new Chart(find('throughput', HTMLElement), {
    lines: [{ isDashed: false }],
    isLogarithmic: false,
  })
  const results = find('results', HTMLTableSectionElement)
  const state = find('mixed-state', HTMLElement)
  const clear = (): void => {
    results.replaceChildren(...lanes.map(lane => row(lane)))
  }
  clear()

  const report = (progress: Progress): void => {
    if (progress.type === 'sample') {
      const { lane, atMs, answersPerSecond } = progress
      setText(state, `${laneFacts[lane].workerClass}, ${lanes.indexOf(lane) + 1} of ${lanes.length}`)
      throughput.add(lane, [atMs / 1_000, answersPerSecond])
      if (progress.latency === undefined) return
      const { p50Ms, p99Ms } = progress.latency
      latency.add(lane, [atMs / 1_000, Math.max(minMs, p99Ms), Math.max(minMs, p50Ms)])
    }
    if (progress.type === 'summary') {
      const { summary } = progress
      count(summary)
      results.querySelector(`[data-lane=${summary.lane}]`)?.replaceWith(row(summary.lane, summary))
    }
  }
  bindRunButtons({
    start: find('mixed', HTMLButtonElement),
    stop: find('mixed-stop', HTMLButtonElement),
    plan: { type: 'mixed', seconds },
    orders,
    report,
    changed: (now, problem) => {
      setText(state, problem ?? stateTexts[now])
      if (now !== 'running') return
      latency.clear()
      throughput.clear()
      clear()
    },
  })
}

function row(lane: LaneSummary['lane'], summary?: LaneSummary): HTMLTableRowElement {
  const cells = summary
    ? [
        milliseconds(summary.latency?.p50Ms),
        milliseconds(summary.latency?.p99Ms),
        String(summary.answered),
        String(summary.processes),
        String(summary.failed),
      ]
    : ['–', '–', '–', '–', '–']
  return element(
    'tr',
    { 'data-lane': lane },
    element('th', { scope: 'row' }, laneFacts[lane].workerClass),
    ...cells.map(text => element('td', {}, text)),
  )
}
