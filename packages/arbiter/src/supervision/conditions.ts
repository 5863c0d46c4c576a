/** Promises that settle once the state meets a condition. */

interface Waiter {
  readonly isMet: () => boolean
  settle(error?: unknown): void
}

export class Conditions {
  #waiters: readonly Waiter[] = []

  /**
   * Resolves once a later {@link Conditions.check} finds `isMet` true; rejects with what `isMet` throws, or with the
   * reason of `signal`.
   */
  until(isMet: () => boolean, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const giveUp = (): void => {
        this.#waiters = this.#waiters.filter(other => other !== waiter)
        reject(signal?.reason)
      }
      const waiter: Waiter = {
        isMet,
        settle(error) {
          signal?.removeEventListener('abort', giveUp)
          if (error === undefined) resolve()
          else reject(error)
        },
      }
      if (signal?.aborted) return reject(signal.reason)
      signal?.addEventListener('abort', giveUp, { once: true })
      this.#waiters = [...this.#waiters, waiter]
    })
  }

  check(): void {
    for (const waiter of this.#waiters) {
      const outcome = outcomeOf(waiter)
      if (outcome === undefined) continue
      this.#waiters = this.#waiters.filter(other => other !== waiter)
      waiter.settle(outcome.error)
    }
  }
}

function outcomeOf({ isMet }: Waiter): { readonly error?: unknown } | undefined {
  try {
    return isMet() ? {} : undefined
  } catch (error) {
    return { error }
  }
}
