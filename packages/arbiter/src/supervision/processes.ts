/** The processes of the running workers, and what they are sent. */
import type { Spawner, SpawnRequest, WorkerEvents, WorkerProcess } from '../process/spawner.js'
import type { FlightRecord } from '../protocol/flight-record.js'
import type { BoundSocket } from '../sockets/bind.js'
import type { WorkerRow } from './worker-table.js'

export class Processes {
  readonly #spawner: Spawner
  readonly #broken: (row: WorkerRow, text: string) => void
  readonly #running = new Map<number, WorkerProcess>()

  /** `broken` is called for a worker that does not read what it is sent. */
  constructor(spawner: Spawner, broken: (row: WorkerRow, text: string) => void) {
    this.#spawner = spawner
    this.#broken = broken
  }

  /** Returns the process id. @throws Error of the operating system if no process can be started */
  spawn(row: WorkerRow, request: SpawnRequest, events: WorkerEvents): number | undefined {
    const process = this.#spawner.spawn(request, events)
    this.#running.set(row.age, process)
    return process.pid
  }

  send(row: WorkerRow, ...message: Parameters<WorkerProcess['send']>): void {
    if (this.#running.get(row.age)?.send(...message) === false)
      this.#broken(row, 'it does not read its channel')
  }

  /** Sends a message that may be lost. False: it was lost. */
  offer(row: WorkerRow, ...message: Parameters<WorkerProcess['offer']>): boolean {
    return this.#running.get(row.age)?.offer(...message) ?? false
  }

  /** Tells the worker to accept connections. */
  promote(row: WorkerRow, sockets: readonly BoundSocket[]): void {
    for (const [index, { handle }] of sockets.entries()) this.send(row, { type: 'handle', index }, handle)
    this.send(row, { type: 'serve' })
  }

  kill(row: WorkerRow): void {
    this.#running.get(row.age)?.kill()
  }

  /** Asks a worker that may be blocked for evidence. */
  examine(row: WorkerRow): void {
    this.#running.get(row.age)?.examine()
  }

  /** Asks a worker, blocked or not, for its stack. */
  askStack(row: WorkerRow): void {
    this.#running.get(row.age)?.askStack()
  }

  /** The requests that a worker has in flight, where that can be known. */
  flight(row: WorkerRow): FlightRecord | undefined {
    return this.#running.get(row.age)?.flight()
  }

  /** The metrics of its app as JSON, if there are any. */
  appMetrics(row: Readonly<WorkerRow>): string | undefined {
    return this.#running.get(row.age)?.appMetrics()
  }

  /** To be called when the process has ended. */
  forget(row: WorkerRow): void {
    this.#running.delete(row.age)
  }
}
