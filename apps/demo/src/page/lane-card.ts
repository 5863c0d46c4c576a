/** A worker class with its workers. */
import type { GroupStatus, WorkerStatus } from '@tunicorn/arbiter/control'
import type { Lane } from '../shared/lane.js'
import type { LaneSummary } from '../shared/progress.js'
import type { Work } from '../shared/work.js'
import { element, setText } from './dom.js'
import { count, milliseconds } from './format.js'
import { scaleControls, sendControls } from './lane-controls.js'
import { laneFacts } from './lane-facts.js'
import { WorkerCell } from './worker-cell.js'

/** The most processes that are shown after they have gone. */
const maxGone = 20

export interface LaneActions {
  readonly send: (lane: Lane, work: Work, requests: number) => void
  readonly scale: (lane: Lane, by: 1 | -1) => void
  readonly kill: (pid: number) => void
}

export class LaneCard {
  readonly node: HTMLElement
  readonly #lane: Lane
  readonly #kill: (pid: number) => void
  readonly #cells = new Map<number, WorkerCell>()
  readonly #list = element('ul', { class: 'workers' })
  readonly #target = element('output', { class: 'target' }, '–')
  readonly #gone = element('p', { class: 'gone quiet' })
  readonly #outcome = element('p', { class: 'outcome', role: 'status' })

  constructor(lane: Lane, { send, scale, kill }: LaneActions) {
    this.#lane = lane
    this.#kill = kill
    const { workerClass, sentence } = laneFacts[lane]
    const title = element('h3', { id: `lane-${lane}` }, workerClass)
    this.node = element(
      'section',
      { class: 'lane card', 'data-lane': lane, 'aria-labelledby': title.id },
      element(
        'div',
        { class: 'lane-head' },
        title,
        scaleControls(lane, this.#target, by => scale(lane, by)),
      ),
      element('p', { class: 'sentence' }, `Group ${lane}. ${sentence}`),
      this.#list,
      this.#gone,
      sendControls(lane, (work, requests) => send(lane, work, requests)),
      this.#outcome,
    )
  }

  /** `at`: the time of the status, by the clock of the server. */
  show({ workers, target, exits }: GroupStatus, at: number): void {
    setText(this.#target, String(target))
    this.#removeAllBut(new Set(workers.map(({ age }) => age)))
    for (const worker of workers) this.#cellOf(worker).show(worker, at)
    // This shows what a process per request looks like.
    if (this.#lane !== 'isolated' || exits.length === 0) return
    const pids = exits.slice(0, maxGone).map(({ pid }) => pid)
    setText(this.#gone, `served and gone: ${pids.join(' ')}`)
  }

  /** Shows the outcome of the last requests. */
  report({ answered, failed, lost, processes, latency }: LaneSummary): void {
    const parts = [`${count(answered, 'answer')} from ${count(processes, 'process', 'processes')}`]
    if (latency) parts.push(`p50 ${milliseconds(latency.p50Ms)}, p99 ${milliseconds(latency.p99Ms)}`)
    if (lost > 0) parts.push(`${lost} lost on purpose`)
    parts.push(`${failed} failed`)
    this.say(parts.join(' · '))
  }

  say(text: string): void {
    setText(this.#outcome, text)
  }

  /** Goes on counting between two statuses. */
  tick(): void {
    for (const cell of this.#cells.values()) cell.tick()
  }

  #cellOf(worker: WorkerStatus): WorkerCell {
    const known = this.#cells.get(worker.age)
    if (known) return known
    const cell = new WorkerCell(worker, this.#kill)
    this.#cells.set(worker.age, cell)
    this.#list.append(cell.node)
    return cell
  }

  #removeAllBut(ages: ReadonlySet<number>): void {
    for (const [age, cell] of this.#cells) {
      if (ages.has(age)) continue
      cell.node.remove()
      this.#cells.delete(age)
    }
  }
}
