/** Waits for an event up to a limit: a worker that never does something fails its clause and does not hang the suite. */
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
 * Gives something that must not happen the time to happen. Use it only to check that an event is absent, because no other
 * event announces that. Too short a wait can overlook a defect, but never invents one.
 */
export function quietMoment(ms = 100): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms))
}
