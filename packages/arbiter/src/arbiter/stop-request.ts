/** A request to stop a server. */

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

  /** Absent: no stop was requested. */
  get mode(): StopMode | undefined {
    return this.#mode
  }

  /** Requests a stop. Returns how hard it is now. */
  ask(mode: StopMode): StopMode {
    this.#mode = hardened(this.#mode, mode)
    this.#tell()
    return this.#mode
  }

  /**
   * Waits for a step of the start or for a stop. True: a stop was requested.
   *
   * @throws what the step throws
   */
  async isBefore(step: Promise<unknown>): Promise<boolean> {
    await Promise.race([step, this.#asked])
    return this.#mode !== undefined
  }
}

/** A stop is never withdrawn. A second request that is not graceful, after one that was not, kills. */
export function hardened(current: StopMode | undefined, wanted: StopMode): StopMode {
  if (current === undefined || current === 'graceful') return wanted
  return wanted === 'graceful' ? current : 'kill'
}
