import { seeded } from '@tunicorn/harness'

/** Choices that a seed repeats. */
export class RandomChoice {
  readonly #random: () => number

  constructor(seed: number) {
    this.#random = seeded(seed)
  }

  /** A whole number of at least 0, below `end`. */
  below(end: number): number {
    return Math.floor(this.#random() * end)
  }

  of<T>(values: readonly T[]): T {
    const value = values[this.below(values.length)]
    if (value === undefined) throw new TypeError('There is nothing to choose from')
    return value
  }
}

/**
 * Runs one program after the other, each from a seed of its own that is printed, until the time is over.
 * `SEED=N` begins with another one, `SOAK_SECONDS=N` gives it another time.
 */
export async function repeatPrograms(
  name: string,
  seed: number,
  run: (choice: RandomChoice) => Promise<string>,
): Promise<void> {
  const first = Number(process.env.SEED ?? seed)
  const end = performance.now() + Number(process.env.SOAK_SECONDS ?? 8) * 1_000
  for (let next = first; next === first || performance.now() < end; next += 1) {
    console.log(`SEED=${next} ${name}`)
    console.log(`  ${await run(new RandomChoice(next))}`)
  }
}
