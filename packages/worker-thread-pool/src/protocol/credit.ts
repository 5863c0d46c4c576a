/**
 * Back-pressure across the thread boundary, where posting never blocks. A sender has a window of unacknowledged bytes, and the
 * receiver gives credit back when it has passed them on.
 */

const windowSize = 262_144
/** Credit is given back in portions. One always comes before the window of the other side is full. */
const portionSize = 65_536

/** The sender's side. */
export class CreditWindow {
  #outstanding = 0

  get isFull(): boolean {
    return this.#outstanding >= windowSize
  }

  take(size: number): void {
    this.#outstanding += size
  }

  give(size: number): void {
    this.#outstanding -= size
  }
}

/** The receiver's side. */
export class CreditLedger {
  #owed = 0

  /** Returns the credit to give back now, or 0 if it is too little for a message. */
  add(size: number): number {
    this.#owed += size
    if (this.#owed < portionSize) return 0
    const portion = this.#owed
    this.#owed = 0
    return portion
  }
}
