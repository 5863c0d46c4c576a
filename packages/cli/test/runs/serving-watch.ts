/** Looks at a server that has all its workers, all the time, and tells when fewer serve than there should. */
import { findServers, type WorkerStatus } from '@tunicorn/arbiter/control'

const everyMs = 50

export class ServingWatch implements AsyncDisposable {
  /** How often it has looked. */
  looks = 0
  readonly #environment: Readonly<Record<string, string>>
  readonly #workers: number
  readonly #finished: Promise<void>
  /** Workers that may be missing: they were killed, and their successors boot. */
  #missing = 0
  #isPaused = false
  #isOver = false
  #failure: Error | undefined

  constructor(environment: Readonly<Record<string, string>>, workers: number) {
    this.#environment = environment
    this.#workers = workers
    this.#finished = this.#run()
  }

  /** While an arbiter leaves another one, each has workers of its own. */
  async whilePaused(act: () => Promise<unknown>): Promise<void> {
    this.#isPaused = true
    await act()
    this.#isPaused = false
  }

  /** Kills a worker that serves, and waits for the one that replaces it. `choice`: from 0 to below 1. */
  async killOne(choice: number): Promise<number> {
    const before = await this.#whenTold()
    const victim = before[Math.floor(choice * before.length)]?.pid
    if (!victim) throw new Error('nobody serves')
    this.#missing = 1
    process.kill(victim, 'SIGKILL')
    for (;;) {
      await pause()
      const now = await this.#whenTold()
      if (now.length >= this.#workers && !now.some(({ pid }) => pid === victim)) break
    }
    this.#missing = 0
    return victim
  }

  /** To be called before the server is stopped. Rejects when fewer workers served than there should. */
  async close(): Promise<void> {
    await this[Symbol.asyncDispose]()
    if (this.#failure) throw this.#failure
  }

  /** After a failure of something else, which says more. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true
    await this.#finished
  }

  async #run(): Promise<void> {
    while (!this.#isOver && !this.#failure) {
      const allowed = this.#missing
      if (!this.#isPaused) await this.#look(allowed)
      await pause()
    }
  }

  async #look(allowed: number): Promise<void> {
    const workers = await this.#workersNow()
    if (!workers) return
    this.looks += 1
    const serving = workers.filter(isServing)
    const isCalm = !this.#isPaused && allowed === this.#missing
    const fewest = this.#workers - allowed
    if (isCalm && serving.length < fewest)
      this.#failure = new Error(
        `${serving.length} workers serve, at least ${fewest} have to: ${workers.map(describe).join(', ')}`,
      )
  }

  /** Empty when nobody looks any more. */
  async #whenTold(): Promise<readonly WorkerStatus[]> {
    while (!this.#isOver) {
      const serving = (await this.#workersNow())?.filter(isServing)
      if (serving) return serving
      await pause()
    }
    return []
  }

  /** Absent: a server did not answer in time, on a machine that is busy. */
  async #workersNow(): Promise<readonly WorkerStatus[] | undefined> {
    const statuses = (await findServers(this.#environment)).map(({ status }) => status)
    if (statuses.length === 0 || statuses.includes(undefined)) return undefined
    return statuses.flatMap(status => status?.groups.flatMap(group => group.workers) ?? [])
  }
}

function isServing({ state }: WorkerStatus): boolean {
  return state === 'serving'
}

function describe({ pid, generation, state, reason }: WorkerStatus): string {
  return `${pid} of generation ${generation} is ${state}${reason ? ` (${reason.text})` : ''}`
}

function pause(): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, everyMs))
}
