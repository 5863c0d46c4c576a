/** Reports at a fixed interval that the worker is alive, with its figures. */
import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks'
import type { HeartbeatSample } from '../protocol/messages.js'
import { residentBytes } from '../system/resident-bytes.js'
import type { RequestLedger } from './request-ledger.js'
import type { WorkerFigures } from './worker-figures.js'

export interface HeartbeatSources {
  readonly ledger: RequestLedger
  figures(): WorkerFigures
  beat(sample: HeartbeatSample): void
}

/** Fifty samples a second cost nothing compared with a request, and show any delay that a person would notice. */
const delayResolutionMs = 20

export class Heartbeat {
  readonly #intervalMs: number
  readonly #sources: HeartbeatSources
  #timer: NodeJS.Timeout | undefined
  #utilization = performance.eventLoopUtilization()
  #delay: IntervalHistogram | undefined
  #isProven = true
  #endedSaid = ''

  constructor(intervalMs: number, sources: HeartbeatSources) {
    this.#intervalMs = intervalMs
    this.#sources = sources
  }

  /** `host`: this timer proves that the worker is alive. `worker`: a beat is sent only if `notify` was called since the last one. */
  start(prover: 'host' | 'worker'): void {
    this.#timer = setInterval(() => {
      if (prover === 'worker' && !this.#isProven) return
      this.#isProven = false
      this.#sources.beat(this.#sample())
      this.#measureDelay()
    }, this.#intervalMs)
    this.#timer.unref()
  }

  /** Beats at once, so that the arbiter knows what is in flight. */
  beatNow(): void {
    this.#sources.beat(this.#sample())
  }

  notify(): void {
    this.#isProven = true
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#delay?.disable()
  }

  /** Measures from one beat to the next. A worker that ends before its first beat needs no measurement. */
  #measureDelay(): void {
    if (this.#delay) return this.#delay.reset()
    this.#delay = monitorEventLoopDelay({ resolution: delayResolutionMs })
    this.#delay.enable()
  }

  /** The recorded value is the time between two samples. */
  #delayMs(): number {
    if (!this.#delay || this.#delay.count === 0) return 0
    const ms = this.#delay.percentile(99) / 1_000_000 - delayResolutionMs
    return Math.max(0, Math.round(ms * 100) / 100)
  }

  /** These figures are most of a beat, and usually unchanged. They are then left out. */
  #newlyEnded(): Pick<HeartbeatSample, 'ended'> {
    const { ended } = this.#sources.ledger
    const text = JSON.stringify(ended)
    if (text === this.#endedSaid) return {}
    this.#endedSaid = text
    return { ended }
  }

  #sample(): HeartbeatSample {
    const { ledger } = this.#sources
    const now = performance.eventLoopUtilization()
    const { utilization } = performance.eventLoopUtilization(now, this.#utilization)
    this.#utilization = now
    return {
      rss: residentBytes(),
      inFlight: ledger.inFlight,
      requests: ledger.begun,
      ...this.#sources.figures(),
      eventLoopUtilization: Number.isFinite(utilization) ? Math.round(utilization * 1_000) / 1_000 : 0,
      eventLoopDelayP99Ms: this.#delayMs(),
      ...this.#newlyEnded(),
      longest: ledger.longest(),
    }
  }
}
