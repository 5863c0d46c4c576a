/** Passes broadcasts on to all other workers. One that does not read loses messages, and nobody waits for it. */
import type { Clock } from '../clock.js'
import type { FromHost } from '../protocol/messages.js'
import type { Observers } from './observers.js'
import type { Processes } from './processes.js'
import type { WorkerLog } from './worker-log.js'
import type { WorkerRow, WorkerTable } from './worker-table.js'

type Broadcast = Extract<FromHost, { readonly type: 'broadcast' }>

export interface BroadcastsParts {
  readonly processes: Processes
  readonly log: WorkerLog
  readonly observers: Pick<Observers, 'broadcastsLost'>
  readonly clock: Clock
}

interface Loss {
  count: number
  saidAt: number
}

const quietMs = 1_000

export class Broadcasts {
  readonly #processes: Processes
  readonly #log: WorkerLog
  readonly #observers: BroadcastsParts['observers']
  readonly #clock: Clock
  /** By the age of the worker. */
  readonly #losses = new Map<number, Loss>()

  constructor({ processes, log, observers, clock }: BroadcastsParts) {
    this.#processes = processes
    this.#log = log
    this.#observers = observers
    this.#clock = clock
  }

  pass(from: WorkerRow, { items, group }: Broadcast, table: WorkerTable): void {
    for (const row of table.rows()) {
      const isMeant = row.age !== from.age && (group === undefined || row.group === group)
      if (!isMeant || row.state === 'booting' || row.state === 'closed' || row.killed) continue
      if (!this.#processes.offer(row, { type: 'broadcast', items })) this.#lost(row, items.length)
      else if (this.#losses.size > 0) this.#say(row)
    }
  }

  /** To be called when the worker has ended. */
  forget(row: WorkerRow): void {
    this.#say(row)
    this.#losses.delete(row.age)
  }

  #lost(row: WorkerRow, count: number): void {
    this.#observers.broadcastsLost(row, count)
    const loss = this.#losses.get(row.age)
    if (loss) loss.count += count
    else this.#losses.set(row.age, { count, saidAt: -quietMs })
    const saidAt = this.#losses.get(row.age)?.saidAt ?? 0
    if (this.#clock.now() - saidAt >= quietMs) this.#say(row)
  }

  #say(row: WorkerRow): void {
    const loss = this.#losses.get(row.age)
    if (!loss || loss.count === 0) return
    this.#log.lostBroadcasts(row, loss.count)
    loss.count = 0
    loss.saidAt = this.#clock.now()
  }
}
