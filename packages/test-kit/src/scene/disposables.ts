/**
 * Things that end together, the newest first. One that fails to end, or takes too long, does not hold up the others: what
 * the clause has found out is worth more.
 */
import { within } from '../rig/within.js'

/** For each of them. Long enough to reap a process that was killed. */
const boundMs = 10_000

export class Disposables implements AsyncDisposable {
  readonly #items: AsyncDisposable[] = []

  add<Item extends AsyncDisposable>(item: Item): Item {
    this.#items.push(item)
    return item
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const item of this.#items.splice(0).reverse())
      await within(end(item), 'it to end', boundMs).catch(() => {})
  }
}

/** Rejects even if the item throws at once. */
async function end(item: AsyncDisposable): Promise<void> {
  await item[Symbol.asyncDispose]()
}
