/** Reports the contents of the app's registries every second and at the end. Costs nothing until the app exposes one. */
import type { MetricsRegistry } from '../app/metrics-registry.js'
import { maxAppMetricsBytes } from '../protocol/app-metrics-record.js'

const intervalMs = 1_000
/** How long the end of a process waits for a registry. */
const lastWaitMs = 250

/** Where an app's metrics go. */
export interface AppMetricsOutput {
  /** JSON, of at most 1 MiB. */
  write(text: string): void
  /** Some metrics are not reported. Called at most once. */
  warn(problem: string): void
}

export class AppMetrics {
  readonly #output: AppMetricsOutput
  readonly #registries = new Set<MetricsRegistry>()
  #timer: NodeJS.Timeout | undefined
  #writing: Promise<void> | undefined
  #hasWarned = false

  constructor(output: AppMetricsOutput) {
    this.#output = output
  }

  expose(registry: MetricsRegistry): void {
    this.#registries.add(registry)
    this.#timer ??= setInterval(() => void this.#write(), intervalMs).unref()
    void this.#write()
  }

  /** Reports the last values, unless that takes too long. */
  async close(): Promise<void> {
    clearInterval(this.#timer)
    if (this.#registries.size === 0) return
    await this.#writing
    const late = new Promise<void>(resolve => setTimeout(resolve, lastWaitMs))
    await Promise.race([this.#write(), late])
  }

  /** Runs one write at a time. */
  #write(): Promise<void> {
    this.#writing ??= this.#writeNow().finally(() => {
      this.#writing = undefined
    })
    return this.#writing
  }

  async #writeNow(): Promise<void> {
    try {
      const found = await Promise.all([...this.#registries].map(registry => registry.getMetricsAsJSON()))
      const text = JSON.stringify(found.flat())
      if (Buffer.byteLength(text) <= maxAppMetricsBytes) this.#output.write(text)
      else this.#warn(`they have more than ${maxAppMetricsBytes} bytes of JSON`)
    } catch (error) {
      this.#warn(String(error))
    }
  }

  /** Warns only once: the problem would repeat every second. */
  #warn(problem: string): void {
    if (this.#hasWarned) return
    this.#hasWarned = true
    this.#output.warn(`The metrics of the app are not all in /metrics: ${problem}`)
  }
}
