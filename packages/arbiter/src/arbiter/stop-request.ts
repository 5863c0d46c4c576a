/** What was asked of a server that is to end. */

/** How hard a stop is. `graceful` lets requests finish, `quick` gives them a second, `kill` gives them nothing. */
export type StopMode = 'graceful' | 'quick' | 'kill'

export class StopRequest {
  #mode: StopMode | undefined
  #tell: () => void = () => {}
  readonly #asked: Promise<void>

  constructor() {
    this.#asked = new Promise(resolve => {
      this.#tell = resolve
    })
  }

  /** Absent: nobody has asked. */
  get mode(): StopMode | undefined {
    return this.#mode
  }

  /** Returns how hard the stop is now. */
  ask(mode: StopMode): StopMode {
    this.#mode = hardened(this.#mode, mode)
    this.#tell()
    return this.#mode
  }

  /**
   * Waits for a step of the start, unless a stop is asked for before.
   *
   * @throws what the step throws
   */
  async isBefore(step: Promise<unknown>): Promise<boolean> {
    await Promise.race([step, this.#asked])
    return this.#mode !== undefined
  }
}

/** A stop is never taken back, and asked for twice in a hurry it kills. */
export function hardened(current: StopMode | undefined, wanted: StopMode): StopMode {
  if (current === undefined || current === 'graceful') return wanted
  return wanted === 'graceful' ? current : 'kill'
}
