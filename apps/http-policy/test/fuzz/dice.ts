/** Choices that a seed repeats. */
import { seeded } from '@tunicorn/harness'

export class Dice {
  readonly #random: () => number

  constructor(seed: number) {
    this.#random = seeded(seed)
  }

  /** From 0 to below `end`. */
  below(end: number): number {
    return Math.floor(this.#random() * end)
  }

  /** True in one of so many cases. */
  oneIn(cases: number): boolean {
    return this.below(cases) === 0
  }

  of<T>(choices: readonly [T, ...T[]]): T {
    return choices[this.below(choices.length)] ?? choices[0]
  }

  /** The usual one but for one of so many cases. */
  mostly<T>(usual: T, others: readonly [T, ...T[]], cases = 12): T {
    return this.oneIn(cases) ? this.of(others) : usual
  }
}
