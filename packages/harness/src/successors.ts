/** Arbiters that upgrades have started. Each leads a process group of its own, which does not end with its predecessor's. */
import { isAlive } from './process-facts.js'
import type { RunningProcess } from './running-process.js'

export class Successors implements Disposable {
  readonly #first: RunningProcess

  /** The successors of a server, according to its output. */
  constructor(first: RunningProcess) {
    this.#first = first
  }

  /** Process ids of all of them, in order. */
  get pids(): readonly number[] {
    const lines = this.#first.output.matchAll(/starting a new arbiter with pid: (\d+)/g)
    return [...lines].map(([, pid]) => Number(pid))
  }

  /** The process id of the last one, or that of the server if there was no upgrade. */
  get newest(): number {
    return this.pids.at(-1) ?? this.#first.pid
  }

  /** Upgrades the newest arbiter. Resolves with the process id of its successor once that one has been promoted. */
  async upgrade(): Promise<number> {
    const promoted = 'Master has been promoted'
    const before = this.#first.output.split(promoted).length - 1
    process.kill(this.newest, 'SIGUSR2')
    await this.#first.waitForTimes(promoted, before + 1, 60_000)
    return this.newest
  }

  /** Kills those that are left. */
  [Symbol.dispose](): void {
    for (const pid of this.pids) {
      try {
        if (isAlive(pid)) process.kill(pid, 'SIGKILL')
      } catch {
        // It has ended in the meantime.
      }
    }
  }
}
