/**
 * The main thread's side of the watchdog: a counter that moves for as long as the event loop turns, and a thread that looks at
 * it. It is started only at the end of the boot, so that it costs nothing during the boot.
 */
import { Worker } from 'node:worker_threads'
import type { RequestLedger } from './request-ledger.js'

/** What the thread is told. Times are in milliseconds. */
export interface WatchdogData {
  /** Two 32-bit words: the counter, and 1 while the main thread is blocked on purpose. */
  readonly counter: SharedArrayBuffer
  /** Evidence is taken when the counter has not moved for this long; 0 = never. */
  readonly stallMs: number
  /** How long after that the worker is killed. */
  readonly graceMs: number
  readonly parentPid: number
  /** Absent if there is no flight record. */
  readonly flight?: { readonly shared: SharedArrayBuffer; readonly fd: number }
}

/** Indexes of the words of the counter. */
export const wordAt = { beats: 0, heldUp: 1 } as const

/** The name under which the thread finds the requests in flight in the heap of the blocked main thread. */
export const inFlightSymbol = 'tunicorn.requestsInFlight'

const beatMs = 200

export interface WatchdogParts {
  /** URL of the thread's module. */
  readonly threadUrl: URL
  /** How long the worker may be silent before it is killed; 0 = never. */
  readonly timeoutMs: number
  readonly ledger: RequestLedger
  readonly flight?: WatchdogData['flight']
  /** The thread has ended by itself. Only the heartbeat is left. */
  lost(error: Error): void
}

export class Watchdog {
  readonly #thread: Worker
  readonly #timer: NodeJS.Timeout
  readonly #view: Int32Array

  /** @throws Error when this process may not or cannot start a thread */
  constructor({ threadUrl, timeoutMs, ledger, flight, lost }: WatchdogParts) {
    const counter = new SharedArrayBuffer(8)
    const stallMs = stallOf(timeoutMs)
    const data: WatchdogData = {
      counter,
      stallMs,
      graceMs: timeoutMs - stallMs,
      parentPid: process.ppid,
      ...(flight && { flight }),
    }
    // Done first: if it throws, there is nothing to undo.
    this.#thread = new Worker(threadUrl, {
      name: 'tunicorn watchdog',
      workerData: data,
      execArgv: [],
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 2 },
    })
    this.#thread.unref()
    this.#thread.once('error', lost)
    const view = new Int32Array(counter)
    this.#view = view
    // By this function's name, the thread recognises a main thread that does nothing else.
    this.#timer = setInterval(function beatOfWatchdog() {
      Atomics.add(view, wordAt.beats, 1)
    }, beatMs)
    this.#timer.unref()
    const describe = (): string => JSON.stringify(ledger.suspects())
    Object.defineProperty(globalThis, Symbol.for(inFlightSymbol), { value: describe, configurable: true })
  }

  /** Runs `action`. The time for which it blocks is not the app's fault. */
  holdUp(action: () => void): void {
    Atomics.store(this.#view, wordAt.heldUp, 1)
    try {
      action()
    } finally {
      Atomics.store(this.#view, wordAt.heldUp, 0)
    }
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await this.#thread.terminate()
  }
}

/** The evidence must be in the log before the arbiter kills, even if the last heartbeat came some time before the stall. */
function stallOf(timeoutMs: number): number {
  return timeoutMs === 0 ? 0 : Math.max(timeoutMs / 2, timeoutMs - 2_000)
}
