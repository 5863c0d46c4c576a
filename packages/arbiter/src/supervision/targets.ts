/** Notices when a group is to have another number of workers than before. */
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
    for (const name of this.#last.keys()) if (!groups.has(name)) this.#last.delete(name)
  }
}
