/** Everybody who is connected to this worker. Made at start-up and kept in the state of the lifespan. */
import type { RoomMessage } from '../shared/chat.js'

export type Hear = (message: RoomMessage) => void

export class Room {
  readonly #listeners = new Set<Hear>()
  #guests = 0

  /** A name for somebody new. */
  nextName(): string {
    this.#guests += 1
    return `guest ${this.#guests}`
  }

  /** Tells everybody how many are here now. @returns how to leave */
  enter(hear: Hear): () => void {
    this.#listeners.add(hear)
    this.#tellPeople()
    return () => {
      if (this.#listeners.delete(hear)) this.#tellPeople()
    }
  }

  say(name: string, text: string): void {
    this.#tell({ type: 'said', name, text })
  }

  #tellPeople(): void {
    this.#tell({ type: 'people', count: this.#listeners.size })
  }

  #tell(message: RoomMessage): void {
    for (const hear of this.#listeners) hear(message)
  }
}
