/** Sends the metrics to a StatsD server periodically. */
import type { StatsD } from 'hot-shots'
import { statsdAddressOf } from '../config/statsd-address.js'
import type { Logger } from '../contract/logger.js'
import type { ListedMetric } from './listed-metric.js'
import { type StatsdSample, StatsdSamples } from './statsd-samples.js'

export interface StatsdSettings {
  /** Empty if StatsD is off. */
  readonly statsdHost: string
  readonly statsdPrefix: string
  readonly dogstatsdTags: string
}

export interface StatsdParts {
  readonly log: Logger
  /** All current metrics. */
  readonly list: () => Promise<readonly ListedMetric[]>
  readonly every: (ms: number, run: () => void) => () => void
}

/** The default interval at which StatsD servers aggregate. */
const everyMs = 10_000
/** How long sending the last values may take. `terminationGrace` counts it as part of the end. */
const lastMs = 2_000
/** A datagram of this size is not fragmented by any network on the way. */
const datagramBytes = 1_432

export class StatsdPush {
  readonly #parts: StatsdParts
  readonly #samples = new StatsdSamples()
  #settings: StatsdSettings
  #stop: (() => void) | undefined
  #pushing: Promise<void> = Promise.resolve()
  #hasFailed = false
  #isLeaving = false

  constructor(settings: StatsdSettings, parts: StatsdParts) {
    this.#settings = settings
    this.#parts = parts
  }

  /** Starts to send. Does nothing when called again. */
  start(): void {
    if (this.#stop || this.#settings.statsdHost === '') return
    this.#stop = this.#parts.every(everyMs, () => this.#push())
    this.#push()
  }

  /** Applies the settings after a reload. */
  reload(settings: StatsdSettings): void {
    this.#settings = settings
    if (settings.statsdHost !== '') return this.start()
    this.#stop?.()
    this.#stop = undefined
  }

  /** A successor reports the gauges from now on. What the workers of this arbiter still count is sent. */
  leave(): void {
    this.#isLeaving = true
  }

  /** Sends the metrics for the last time. Idempotent. */
  async close(): Promise<void> {
    if (!this.#stop) return
    this.#stop()
    this.#stop = undefined
    this.#push()
    await new Promise<void>(resolve => {
      const timer = setTimeout(resolve, lastMs)
      void this.#pushing.then(() => {
        clearTimeout(timer)
        resolve()
      })
    })
  }

  /** One push at a time, so that no growth is sent twice. */
  #push(): void {
    this.#pushing = this.#pushing
      .then(() => this.#send())
      .then(
        () => {
          this.#hasFailed = false
        },
        error => this.#failed(error),
      )
  }

  /** Uses a new client each time: the server's name may resolve to another address by then, and nothing stays open in between. */
  async #send(): Promise<void> {
    const all = this.#samples.next(await this.#parts.list())
    const samples = this.#isLeaving ? all.filter(({ type }) => type === 'count') : all
    const { StatsD } = await import('hot-shots')
    const { statsdHost, statsdPrefix, dogstatsdTags } = this.#settings
    const address = statsdAddressOf(statsdHost)
    if (address === undefined) return
    await new Promise<void>((resolve, reject) => {
      const client = new StatsD({
        ...address,
        protocol: 'udp',
        udpSocketOptions: { type: address.host.includes(':') ? 'udp6' : 'udp4' },
        prefix: statsdPrefix,
        globalTags: tagsOf(dogstatsdTags),
        maxBufferSize: datagramBytes,
        // Variables in the arbiter's environment about a Datadog agent are not meant for it.
        includeDataDogTags: false,
        datadog: false,
        includeDatadogTelemetry: false,
        errorHandler: reject,
      })
      for (const sample of samples) tell(client, sample, dogstatsdTags !== '')
      client.close(error => (error ? reject(error) : resolve()))
    })
  }

  #failed(error: unknown): void {
    if (!this.#hasFailed)
      this.#parts.log.warn(`The metrics could not be sent to StatsD at ${this.#settings.statsdHost}`, {
        error,
      })
    this.#hasFailed = true
  }
}

function tell(client: StatsD, { type, name, labels, value }: StatsdSample, hasTags: boolean): void {
  const path = hasTags ? name : [name, ...Object.values(labels).map(asPart)].join('.')
  const tags = hasTags ? labels : {}
  if (type === 'count') client.increment(path, value, tags)
  else client.gauge(path, value, tags)
}

/** In a name, a dot separates parts, and other characters have special meanings. */
function asPart(value: string | number): string {
  return String(value).replace(/[^\w-]/g, '_')
}

function tagsOf(text: string): string[] {
  return text
    .split(',')
    .map(tag => tag.trim())
    .filter(tag => tag !== '')
}
