/** Waits for an event with an upper bound, so that a worker that never does something fails its clause and hangs nothing. */
import { AssertionError } from 'node:assert'

/** @throws AssertionError `Expected <what> within <s> s` */
export async function within<Result>(
  promise: Promise<Result>,
  what: string,
  patienceMs: number,
): Promise<Result> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new AssertionError({ message: `Expected ${what} within ${patienceMs / 1_000} s` })),
      patienceMs,
    )
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}

/**
 * Gives what must not happen the time to happen. Only for the absence of an event, which no event announces: too short
 * a wait overlooks a defect, and never invents one.
 */
export function quietMoment(ms = 100): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms))
}
