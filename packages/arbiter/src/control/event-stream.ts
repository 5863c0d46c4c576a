/** Server-sent events: every change goes once to every reader. A reader that does not keep up is cut off. */
import type { ServerResponse } from 'node:http'
import type { ArbiterPhase } from '../supervision/arbiter-phase.js'
import type { ArbiterObserver, ReloadOutcome } from '../supervision/observers.js'
import type { WorkerRow, WorkerState } from '../supervision/worker-table.js'
import type { ControlEvent } from './control-event.js'
import { errorStatus } from './error-answer.js'
import { Refusal } from './route.js'
import { reasonStatus } from './server-status.js'
import type { ExitStatus, ServerStatus } from './status.js'

const maxReaders = 64
/** How much may be buffered for a reader, in addition to what the kernel holds. */
const maxBytes = 256 * 1_024
/** The interval of signs of life, for readers and for whatever is between. */
const heartbeatMs = 15_000

export interface EventSources {
  /** Wall time in milliseconds. */
  now(): number
  status(): ServerStatus
}

export class EventStream implements ArbiterObserver {
  readonly #sources: EventSources
  readonly #readers = new Set<ServerResponse>()
  readonly #timer: NodeJS.Timeout
  #lastId = 0

  constructor(sources: EventSources) {
    this.#sources = sources
    this.#timer = setInterval(() => this.#write(': alive\n\n'), heartbeatMs)
    this.#timer.unref()
  }

  /** @throws Refusal when there are too many readers */
  requireRoom(): void {
    if (this.#readers.size >= maxReaders)
      throw new Refusal(503, `${maxReaders} readers follow the events already`)
  }

  /** Sends the status, and then every change. */
  add(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(format(this.#lastId, { type: 'status', at: this.#at(), status: this.#sources.status() }))
    this.#readers.add(response)
    response.once('close', () => this.#readers.delete(response))
  }

  workerChanged(row: Readonly<WorkerRow>, from: WorkerState | undefined): void {
    this.#tell(at => ({
      type: 'worker',
      at,
      group: row.group,
      age: row.age,
      generation: row.generation,
      slot: row.slot,
      pid: row.pid ?? null,
      from: from ?? null,
      state: row.state,
      reason: reasonStatus(row),
    }))
  }

  /** Not an observer's `exited`, because the history of exits makes the record first. */
  exit(group: string, exit: ExitStatus): void {
    this.#tell(at => ({ type: 'exit', at, group, exit }))
  }

  targetChanged(group: string, from: number, to: number): void {
    this.#tell(at => ({ type: 'target', at, group, from, to }))
  }

  reloadBegun(): void {
    this.#tell(at => ({ type: 'reload-begun', at }))
  }

  reloadEnded(outcome: ReloadOutcome): void {
    this.#tell(at =>
      outcome.type === 'done'
        ? { type: 'reload-done', at, generation: outcome.generation }
        : { type: 'reload-failed', at, error: errorStatus(outcome.error) },
    )
  }

  phaseChanged(state: ArbiterPhase): void {
    this.#tell(at => ({ type: 'arbiter', at, state }))
  }

  /** Sends the last event and ends every stream. */
  close(): void {
    clearInterval(this.#timer)
    this.#tell(at => ({ type: 'arbiter', at, state: 'stopped' }))
    for (const reader of this.#readers) reader.end()
  }

  #at(): string {
    return new Date(this.#sources.now()).toISOString()
  }

  #tell(make: (at: string) => ControlEvent): void {
    this.#lastId += 1
    // Workers may come and go with the requests, so no event is made that nobody reads.
    if (this.#readers.size > 0) this.#write(format(this.#lastId, make(this.#at())))
  }

  #write(text: string): void {
    for (const reader of this.#readers) {
      if (reader.writableLength <= maxBytes) reader.write(text)
      else reader.destroy()
    }
  }
}

function format(id: number, event: ControlEvent): string {
  return `id: ${id}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`
}
