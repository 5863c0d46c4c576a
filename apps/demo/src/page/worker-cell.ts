/** One worker process. */
import type { WorkerStatus } from '@tunicorn/arbiter/control'
import { element, setText } from './dom.js'
import { count, megabytes, percent } from './format.js'

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

  constructor(worker: WorkerStatus, kill: (pid: number) => void) {
    this.#worker = worker
    const killThis = (): void => {
      if (this.#worker.pid !== null) kill(this.#worker.pid)
    }
    this.#kill = element('button', { class: 'kill', title: 'Kill it (SIGKILL)', onclick: killThis }, '×')
    const head = element('div', { class: 'head' }, this.#pid, this.#state, this.#kill)
    const loop = element('div', { class: 'loop', title: 'Event loop in use' }, this.#loop, this.#use)
    const body = element('div', { class: 'body' }, loop, this.#figures, this.#identity)
    this.node = element('li', { class: 'worker' }, head, body)
    this.show(worker)
  }

  show(worker: WorkerStatus): void {
    this.#worker = worker
    const { pid, state, age, generation, inFlight, requests, rss, eventLoopUtilization: use } = worker
    this.node.dataset.state = state
    this.node.classList.toggle('busy', inFlight > 0)
    setText(this.#pid, String(pid ?? '…'))
    setText(this.#state, state)
    this.#kill.setAttribute('aria-label', `Kill worker ${pid}`)
    this.#loop.value = Math.min(1, use)
    setText(this.#use, percent(use))
    setText(this.#figures, `${inFlight} in flight · ${count(requests, 'request')}`)
    setText(this.#identity, `${megabytes(rss)} · age ${age} · gen ${generation}`)
  }
}
