/** Requests without an answer, over all runs since the page was opened. */
import type { LaneSummary } from '../shared/progress.js'
import { setText } from './dom.js'

export class Tally {
  readonly #failedOutput: HTMLElement
  readonly #lostOutput: HTMLElement
  #failed = 0
  #lost = 0

  constructor(failedOutput: HTMLElement, lostOutput: HTMLElement) {
    this.#failedOutput = failedOutput
    this.#lostOutput = lostOutput
  }

  add({ failed, lost }: LaneSummary): void {
    this.#failed += failed
    this.#lost += lost
    setText(this.#failedOutput, String(this.#failed))
    setText(this.#lostOutput, String(this.#lost))
    this.#failedOutput.classList.toggle('bad', this.#failed > 0)
  }
}
