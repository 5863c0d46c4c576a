/** The section with the workers. */
import { type Lane, lanes } from '../shared/lane.js'
import type { LaneSummary } from '../shared/progress.js'
import type { Work } from '../shared/work.js'
import type { Journal } from './journal.js'
import { LaneCard } from './lane-card.js'
import type { SeenStatus } from './live-status.js'
import type { Orders } from './orders.js'

export class LaneCards {
  readonly #cards: ReadonlyMap<Lane, LaneCard>
  readonly #orders: Orders
  readonly #journal: Journal
  readonly #count: (summary: LaneSummary) => void

  constructor(
    box: HTMLElement,
    orders: Orders,
    parts: { journal: Journal; count: (summary: LaneSummary) => void },
  ) {
    this.#orders = orders
    this.#journal = parts.journal
    this.#count = parts.count
    const actions = {
      send: (lane: Lane, work: Work, requests: number) => void this.#send(lane, work, requests),
      scale: (lane: Lane, by: 1 | -1) => void this.#tell(orders.scale(lane, by)),
      kill: (pid: number) => void this.#tell(orders.kill(pid)),
    }
    this.#cards = new Map(lanes.map(lane => [lane, new LaneCard(lane, actions)]))
    box.append(...[...this.#cards.values()].map(({ node }) => node))
  }

  show({ status, at }: SeenStatus): void {
    for (const [lane, card] of this.#cards) {
      const group = status.groups.find(({ name }) => name === lane)
      if (group) card.show(group, at)
    }
  }

  /** Goes on counting between two statuses. */
  tick(): void {
    for (const card of this.#cards.values()) card.tick()
  }

  async #send(lane: Lane, work: Work, requests: number): Promise<void> {
    const card = this.#cards.get(lane)
    card?.say(`sending ${requests} × ${work}…`)
    const run = this.#orders.run(
      { type: 'burst', lane, work, count: requests },
      progress => {
        if (progress.type === 'failure')
          this.#journal.add({
            level: 'bad',
            text: `No answer to ${progress.work} from ${lane}: ${progress.reason}.`,
          })
        if (progress.type !== 'summary') return
        this.#count(progress.summary)
        card?.report(progress.summary)
      },
      new AbortController().signal,
    )
    await run.catch(error => card?.say(`${error instanceof Error ? error.message : error}`))
  }

  async #tell(order: Promise<void>): Promise<void> {
    await order.catch(error => {
      this.#journal.add({ level: 'bad', text: `${error instanceof Error ? error.message : error}` })
    })
  }
}
