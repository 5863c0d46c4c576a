/** The section that compares the classes under the same load. */
import { lanes } from '../shared/lane.js'
import type { Plan } from '../shared/plan.js'
import type { LaneSummary, Progress } from '../shared/progress.js'
import { Chart } from './chart.js'
import { element, find, setText } from './dom.js'
import { milliseconds } from './format.js'
import { laneFacts } from './lane-facts.js'
import type { Orders } from './orders.js'
import { bindRunButtons } from './run-button.js'

type MixedPlan = Extract<Plan, { readonly type: 'mixed' }>

/** For each class. */
const seconds = 6

/** The fewest milliseconds that a logarithmic axis can show. */
const minMs = 1

const stateTexts = {
  running: 'starting…',
  stopped: 'Stopped.',
  done: 'Done. The fast route waits where the event loop is busy, and where each request needs a process.',
  problem: '',
} as const

export class MixedLoad {
  readonly #orders: Orders
  readonly #count: (summary: LaneSummary) => void
  readonly #latency = new Chart(find('latency', HTMLElement), {
    lines: [{ isDashed: false }, { isDashed: true }],
    isLogarithmic: true,
  })
  readonly #throughput = new Chart(find('throughput', HTMLElement), {
    lines: [{ isDashed: false }],
    isLogarithmic: false,
  })
  readonly #results = find('results', HTMLTableSectionElement)
  readonly #state = find('mixed-state', HTMLElement)

  constructor(orders: Orders, count: (summary: LaneSummary) => void) {
    this.#orders = orders
    this.#count = count
    this.#clear()
    bindRunButtons({
      start: find('mixed', HTMLButtonElement),
      stop: find('mixed-stop', HTMLButtonElement),
      run: async signal => void (await this.run({ type: 'mixed', seconds }, signal)),
      changed: (now, problem) => setText(this.#state, problem ?? stateTexts[now]),
    })
  }

  /** Resolves with what each group has done. @throws Error when the run could not be completed */
  async run(plan: MixedPlan, signal: AbortSignal): Promise<readonly LaneSummary[]> {
    const summaries: LaneSummary[] = []
    this.#clear()
    const report = (progress: Progress): void => {
      this.#show(progress)
      if (progress.type === 'sample') this.#sayTurn(progress.lane, plan.lanes ?? lanes)
      if (progress.type !== 'summary') return
      this.#count(progress.summary)
      summaries.push(progress.summary)
    }
    await this.#orders.run(plan, report, signal)
    setText(this.#state, 'Done.')
    return summaries
  }

  /** Shows an earlier run. */
  showRecorded(progress: readonly Progress[]): void {
    for (const each of progress) this.#show(each)
    setText(this.#state, 'A recorded run.')
  }

  #sayTurn(lane: LaneSummary['lane'], turns: readonly LaneSummary['lane'][]): void {
    setText(this.#state, `${laneFacts[lane].workerClass}, ${turns.indexOf(lane) + 1} of ${turns.length}`)
  }

  #clear(): void {
    this.#latency.clear()
    this.#throughput.clear()
    this.#results.replaceChildren(...lanes.map(lane => row(lane)))
  }

  #show(progress: Progress): void {
    if (progress.type === 'sample') {
      const { lane, atMs, answersPerSecond, latency } = progress
      this.#throughput.add(lane, [atMs / 1_000, answersPerSecond])
      if (latency === undefined) return
      const { p50Ms, p99Ms } = latency
      this.#latency.add(lane, [atMs / 1_000, Math.max(minMs, p99Ms), Math.max(minMs, p50Ms)])
    }
    if (progress.type === 'summary') {
      const { summary } = progress
      this.#results.querySelector(`[data-lane=${summary.lane}]`)?.replaceWith(row(summary.lane, summary))
    }
  }
}

function row(lane: LaneSummary['lane'], summary?: LaneSummary): HTMLTableRowElement {
  const cells: readonly (readonly [title: string, text: string])[] = [
    ['p50 of fast', milliseconds(summary?.latency?.p50Ms)],
    ['p99 of fast', milliseconds(summary?.latency?.p99Ms)],
    ['Answers', String(summary?.answered ?? '–')],
    ['Processes', String(summary?.processes ?? '–')],
    ['Failed', String(summary?.failed ?? '–')],
  ]
  return element(
    'tr',
    { 'data-lane': lane },
    element('th', { scope: 'row' }, laneFacts[lane].workerClass),
    // Where there is no room for columns, each value shows its title next to it.
    ...cells.map(([title, text]) => element('td', { 'data-title': title }, text)),
  )
}
