/**
 * Time that jumps from one event to the next. Events of the world happen when they are due; those that the arbiter would take
 * part in wait while its process is paused.
 */
import type { Scheduler } from '../../../src/scheduler.js'
import type { Dice } from './dice.js'

interface Due {
  readonly at: number
  readonly run: () => void
}

export class SimulatedTime implements Scheduler {
  readonly #dice: Dice
  readonly #turned: () => void
  /** The next one last. */
  readonly #due: Due[] = []
  #now = 0
  #pausedUntil = 0

  /** `turned` is called after each turn of the arbiter's loop. */
  constructor(dice: Dice, turned: () => void) {
    this.#dice = dice
    this.#turned = turned
  }

  readonly now = (): number => this.#now

  /** An event of the world. */
  after(ms: number, run: () => void): void {
    const at = this.#now + ms
    let index = this.#due.length
    // Behind those that were there before for the same moment.
    while (index > 0 && (this.#due[index - 1]?.at ?? at) <= at) index -= 1
    this.#due.splice(index, 0, { at, run })
  }

  /** What the arbiter hears of, as soon as it runs. */
  deliver(run: () => void): void {
    const waitMs = this.#pausedUntil - this.#now
    if (waitMs <= 0) run()
    else this.after(waitMs, run)
  }

  /** Now and then the arbiter does something else first: what happens meanwhile is known all at once before it decides. */
  soon(run: () => void): void {
    const lagMs = this.#dice.chance(0.1) ? this.#dice.between(0, 200) : 0
    this.after(lagMs, () =>
      this.deliver(() => {
        run()
        this.#turned()
      }),
    )
  }

  every(ms: number, run: () => void): () => void {
    let isOver = false
    const again = (): void =>
      this.after(ms, () =>
        this.deliver(() => {
          if (isOver) return
          run()
          again()
        }),
      )
    again()
    return () => {
      isOver = true
    }
  }

  /** The process of the arbiter does not run for so long. */
  pause(ms: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, this.#now + ms)
  }

  /** Lets time pass, until `isOver` at the most. Between two events promises get on by a step. */
  async run(ms: number, isOver: () => boolean): Promise<void> {
    const until = this.#now + ms
    while (!isOver()) {
      const next = this.#due.at(-1)
      if (!next || next.at > until) break
      this.#due.pop()
      this.#now = next.at
      next.run()
      await undefined
    }
    this.#now = Math.max(this.#now, until)
  }
}
