/** Sends the metrics to a StatsD server, again and again. */
import type { StatsD } from 'hot-shots'
import { statsdAddressOf } from '../config/statsd-address.js'
import type { Logger } from '../contract/logger.js'
import type { ListedMetric } from './listed-metric.js'
import { type StatsdSample, StatsdSamples } from './statsd-samples.js'

export interface StatsdSettings {
  /** Empty: off. */
  readonly statsdHost: string
  readonly statsdPrefix: string
  readonly dogstatsdTags: string
}

export interface StatsdParts {
  readonly log: Logger
  /** Everything there is to say now. */
  readonly list: () => Promise<readonly ListedMetric[]>
  readonly every: (ms: number, run: () => void) => () => void
}

/** What StatsD servers put together at a time, unless they are told otherwise. */
const everyMs = 10_000
/** How long the last values may take: a part of what `terminationGrace` counts for the end. */
const lastMs = 2_000
/** A datagram that no network on the way has to take apart. */
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

  /** Begins to send; called again, it does nothing. */
  start(): void {
    if (this.#stop || this.#settings.statsdHost === '') return
    this.#stop = this.#parts.every(everyMs, () => this.#push())
    this.#push()
  }

  /** After a reload. */
  reload(settings: StatsdSettings): void {
    this.#settings = settings
    if (settings.statsdHost !== '') return this.start()
    this.#stop?.()
    this.#stop = undefined
  }

  /** A successor says from now on how things are. What this one's workers still count is sent. */
  leave(): void {
    this.#isLeaving = true
  }

  /** Sends what there is for the last time. Idempotent. */
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

  /** One at a time, so that no growth is sent twice. */
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

  /** A client for each time: the name of the server may lead elsewhere at the next, and between them nothing is open. */
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
        // What the environment of the arbiter says of an agent is not meant for it.
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

/** In a name, a dot begins the next part, and other characters have meanings of their own. */
function asPart(value: string | number): string {
  return String(value).replace(/[^\w-]/g, '_')
}

function tagsOf(text: string): string[] {
  return text
    .split(',')
    .map(tag => tag.trim())
    .filter(tag => tag !== '')
}
