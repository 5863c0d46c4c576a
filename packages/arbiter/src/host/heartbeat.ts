/** Says at a steady pace that the worker is alive, with its figures. */
import type { WorkerStats } from '../contract/worker-class.js'
import type { WorkerSample } from '../protocol/messages.js'
import type { RequestLedger } from './request-ledger.js'

export interface HeartbeatSources {
  readonly ledger: RequestLedger
  stats(): WorkerStats
  beat(sample: WorkerSample): void
}

export class Heartbeat {
  readonly #intervalMs: number
  readonly #sources: HeartbeatSources
  #timer: NodeJS.Timeout | undefined
  #utilization = performance.eventLoopUtilization()
  #isProven = true

  constructor(intervalMs: number, sources: HeartbeatSources) {
    this.#intervalMs = intervalMs
    this.#sources = sources
  }

  /** `host`: this timer is the proof. `worker`: a beat is sent only if `notify` was called since the last. */
  start(prover: 'host' | 'worker'): void {
    this.#timer = setInterval(() => {
      if (prover === 'worker' && !this.#isProven) return
      this.#isProven = false
      this.#sources.beat(this.#sample())
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
  }

  #sample(): WorkerSample {
    const { ledger } = this.#sources
    const now = performance.eventLoopUtilization()
    const { utilization } = performance.eventLoopUtilization(now, this.#utilization)
    this.#utilization = now
    return {
      rss: process.memoryUsage.rss(),
      inFlight: ledger.inFlight,
      requests: ledger.begun,
      connections: this.#sources.stats().connections ?? 0,
      eventLoopUtilization: Number.isFinite(utilization) ? Math.round(utilization * 1_000) / 1_000 : 0,
      longest: ledger.longest(),
    }
  }
}
