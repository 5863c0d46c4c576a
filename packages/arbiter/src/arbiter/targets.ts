/** Notices when a group is to have another number of workers than before. */
import { type ArbiterState, targetOf } from './state.js'

export class Targets {
  readonly #last = new Map<string, number>()
  readonly #changed: (group: string, from: number, to: number) => void

  constructor(changed: (group: string, from: number, to: number) => void) {
    this.#changed = changed
  }

  compare({ groups, leaving }: ArbiterState): void {
    for (const [name, group] of groups) {
      const from = this.#last.get(name) ?? 0
      const to = leaving.has(name) ? 0 : targetOf(group)
      this.#last.set(name, to)
      if (from !== to) this.#changed(name, from, to)
    }
    for (const name of this.#last.keys()) if (!groups.has(name)) this.#last.delete(name)
  }
}
