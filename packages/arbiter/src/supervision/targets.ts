/** Notices when the wanted number of workers of a group changes. */
import { type ArbiterState, wantedWorkers } from './state.js'

export class Targets {
  readonly #last = new Map<string, number>()
  readonly #changed: (group: string, from: number, to: number) => void

  constructor(changed: (group: string, from: number, to: number) => void) {
    this.#changed = changed
  }

  compare(state: ArbiterState): void {
    const { groups } = state
    for (const [name, group] of groups) {
      const from = this.#last.get(name) ?? 0
      const to = wantedWorkers(state, group)
      this.#last.set(name, to)
      if (from !== to) this.#changed(name, from, to)
    }
    for (const [name, from] of this.#last) {
      if (groups.has(name)) continue
      this.#last.delete(name)
      // The group left and was forgotten in one turn, because it had no worker.
      if (from !== 0) this.#changed(name, from, 0)
    }
  }
}
