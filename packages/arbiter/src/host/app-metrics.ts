/** Writes down what the registries of the app say, where the arbiter finds it. Costs nothing until the app exposes one. */
import type { MetricsRegistry } from '../app/metrics-registry.js'
import type { Logger } from '../contract/logger.js'
import { AppMetricsWriter, maxAppMetricsBytes } from '../protocol/app-metrics-record.js'

const intervalMs = 1_000
/** How long the end of a process waits for a registry. */
const lastWaitMs = 250

export class AppMetrics {
  readonly #writer: AppMetricsWriter | undefined
  readonly #log: Logger
  readonly #registries = new Set<MetricsRegistry>()
  #timer: NodeJS.Timeout | undefined
  #writing: Promise<void> | undefined
  #hasWarned = false

  /** Without a file, the metrics stay here. */
  constructor(fd: number | undefined, log: Logger) {
    this.#writer = fd === undefined ? undefined : new AppMetricsWriter(fd)
    this.#log = log
  }

  expose(registry: MetricsRegistry): void {
    this.#registries.add(registry)
    this.#timer ??= setInterval(() => void this.#write(), intervalMs).unref()
    void this.#write()
  }

  /** The last values, unless that takes long. */
  async close(): Promise<void> {
    clearInterval(this.#timer)
    if (this.#registries.size === 0) return
    await this.#writing
    const late = new Promise<void>(resolve => setTimeout(resolve, lastWaitMs))
    await Promise.race([this.#write(), late])
  }

  /** One at a time. */
  #write(): Promise<void> {
    this.#writing ??= this.#writeNow().finally(() => {
      this.#writing = undefined
    })
    return this.#writing
  }

  async #writeNow(): Promise<void> {
    try {
      const found = await Promise.all([...this.#registries].map(registry => registry.getMetricsAsJSON()))
      const isWritten = this.#writer?.write(JSON.stringify(found.flat())) ?? true
      if (!isWritten) this.#warn(`they have more than ${maxAppMetricsBytes} bytes of JSON`)
    } catch (error) {
      this.#warn(String(error))
    }
  }

  /** Once: it would be the same every second. */
  #warn(problem: string): void {
    if (this.#hasWarned) return
    this.#hasWarned = true
    this.#log.warn(`The metrics of the app are not all in /metrics: ${problem}`)
  }
}
