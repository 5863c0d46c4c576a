/** One worker process. */
import type { WorkerStatus } from '@tunicorn/arbiter/control'
import { timeOutSeconds } from '../shared/time-out.js'
import { element, setText } from './dom.js'
import { count, megabytes, percent, seconds } from './format.js'
import { silenceOf } from './silence.js'

export class WorkerCell {
  readonly node: HTMLLIElement
  readonly #pid = element('b', { class: 'pid' })
  readonly #state = element('span', { class: 'state' })
  readonly #kill: HTMLButtonElement
  readonly #loop = element('meter', { min: '0', max: '1', high: '0.8', 'aria-label': 'Event loop in use' })
  readonly #use = element('span', { class: 'use quiet' })
  readonly #figures = element('span')
  readonly #identity = element('span', { class: 'quiet' })
  #worker: WorkerStatus
  /** When the worker was last heard from, by the clock of this page. Undefined while it gives signs of life. */
  #silentSince: number | undefined

  constructor(worker: WorkerStatus, kill: (pid: number) => void) {
    this.#worker = worker
    const killThis = (): void => {
      if (this.#worker.pid !== null) kill(this.#worker.pid)
    }
    this.#kill = element('button', { class: 'kill', title: 'Kill it (SIGKILL)', onclick: killThis }, '×')
    const head = element('div', { class: 'head' }, this.#pid, this.#state, this.#kill)
    const loop = element('div', { class: 'loop' }, this.#loop, this.#use)
    const body = element('div', { class: 'body' }, loop, this.#figures, this.#identity)
    this.node = element('li', { class: 'worker' }, head, body)
  }

  /** `at`: the time of the status, by the clock of the server. */
  show(worker: WorkerStatus, at: number): void {
    this.#worker = worker
    const { pid, state, age, generation, inFlight, rss } = worker
    const silentMs = silenceOf(worker, at)
    this.#silentSince = silentMs === undefined ? undefined : performance.now() - silentMs
    this.node.dataset.state = silentMs === undefined ? state : 'blocked'
    this.node.classList.toggle('busy', inFlight > 0)
    setText(this.#pid, String(pid ?? '…'))
    this.#kill.setAttribute('aria-label', `Kill worker ${pid}`)
    setText(this.#identity, `${megabytes(rss)} · age ${age} · gen ${generation}`)
    if (silentMs === undefined) this.#showFigures()
    else this.tick()
  }

  /** Goes on counting between two statuses. */
  tick(): void {
    if (this.#silentSince === undefined) return
    // Its figures come from its last sign of life, and are the opposite of the truth by now.
    const silentSeconds = (performance.now() - this.#silentSince) / 1_000
    this.#loop.value = Math.min(1, silentSeconds / timeOutSeconds)
    this.#loop.setAttribute('aria-label', 'Silence, of the time-out')
    setText(this.#state, 'blocked')
    setText(this.#use, seconds(silentSeconds))
    setText(this.#figures, `no sign of life; is ended after ${timeOutSeconds} s`)
  }

  #showFigures(): void {
    const { state, inFlight, requests, eventLoopUtilization: use } = this.#worker
    setText(this.#state, state)
    this.#loop.value = Math.min(1, use)
    this.#loop.setAttribute('aria-label', 'Event loop in use')
    setText(this.#use, percent(use))
    setText(this.#figures, `${inFlight} in flight · ${count(requests, 'request')}`)
  }
}
