/** Things that end together, the newest first. One that fails to end does not keep the others. */
export class Disposables implements AsyncDisposable {
  readonly #items: AsyncDisposable[] = []

  add<Item extends AsyncDisposable>(item: Item): Item {
    this.#items.push(item)
    return item
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const item of this.#items.splice(0).reverse()) {
      try {
        await item[Symbol.asyncDispose]()
      } catch {
        // What the clause has found out is worth more.
      }
    }
  }
}
