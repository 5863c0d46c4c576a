/** The jobs in Redis: a stream with one consumer group. Every worker is a consumer in it. */
import { Redis } from 'ioredis'

export interface Job {
  readonly id: string
  readonly name: string
  /** JSON. */
  readonly data: string
}

export interface JobStreamOptions {
  readonly redis: string
  readonly stream: string
  readonly patience: number
}

const group = 'workers'
/** How long to wait for new jobs before looking for those of workers that have died. */
const blockMs = 1_000

export class JobStream {
  readonly #stream: string
  readonly #consumer: string
  readonly #patienceMs: number
  readonly #redis: Redis
  /** Waits for jobs. In the meantime this connection can do nothing else. */
  readonly #waiting: Redis

  constructor(
    { redis, stream, patience }: JobStreamOptions,
    consumer: string,
    unreachable: (error: Error) => void,
  ) {
    this.#stream = stream
    this.#consumer = consumer
    this.#patienceMs = patience * 1_000
    // Commands wait until the server is back.
    this.#redis = new Redis(redis, { lazyConnect: true, maxRetriesPerRequest: null })
    this.#waiting = this.#redis.duplicate()
    this.#redis.on('error', unreachable)
    this.#waiting.on('error', () => {})
  }

  async open(): Promise<void> {
    await Promise.all([this.#redis.connect(), this.#waiting.connect()])
    const created = this.#redis.call('XGROUP', 'CREATE', this.#stream, group, '0', 'MKSTREAM')
    await created.catch((error: Error) => {
      if (!error.message.startsWith('BUSYGROUP')) throw error
    })
  }

  /** Resolves with up to `count` jobs that nobody does: given back, of a worker that has died, or new. With none after a second. */
  async take(count: number): Promise<readonly Job[]> {
    const [stream, consumer] = [this.#stream, this.#consumer]
    const claim = [stream, group, consumer, this.#patienceMs, '0', 'COUNT', count]
    const claimed = jobsIn(at(await this.#redis.call('XAUTOCLAIM', ...claim), 1))
    if (claimed.length > 0) return claimed
    const wait = ['GROUP', group, consumer, 'COUNT', count, 'BLOCK', blockMs, 'STREAMS', stream, '>']
    return jobsIn(at(at(await this.#waiting.call('XREADGROUP', ...wait), 0), 1))
  }

  /** Says that the jobs are still being done, so that nobody else takes them. */
  async keep(ids: readonly string[]): Promise<void> {
    if (ids.length > 0)
      await this.#redis.call('XCLAIM', this.#stream, group, this.#consumer, 0, ...ids, 'JUSTID')
  }

  /** Lets another worker do the job, at once. */
  async giveBack({ id }: Job): Promise<void> {
    const idle = ['IDLE', this.#patienceMs, 'JUSTID']
    await this.#redis.call('XCLAIM', this.#stream, group, this.#consumer, 0, id, ...idle)
  }

  async done({ id }: Job): Promise<void> {
    await this.#redis.multi().xack(this.#stream, group, id).xdel(this.#stream, id).exec()
  }

  /** Moves the job to the stream `STREAM:failed`. */
  async failed({ id, name, data }: Job, error: unknown): Promise<void> {
    const fields = ['id', id, 'name', name, 'data', data, 'error', String(error)]
    const aside = this.#redis.multi().xadd(`${this.#stream}:failed`, '*', ...fields)
    await aside.xack(this.#stream, group, id).xdel(this.#stream, id).exec()
  }

  /** Resolves when all commands are answered. If the server is away, other workers get the jobs after `patience`. */
  async close(): Promise<void> {
    this.#waiting.disconnect()
    if (this.#redis.status === 'ready') await this.#redis.quit().catch(() => {})
    else this.#redis.disconnect()
  }
}

/** Redis answers with nested arrays, and with null for nothing. */
function at(value: unknown, index: number): unknown {
  return Array.isArray(value) ? value[index] : undefined
}

function jobsIn(entries: unknown): readonly Job[] {
  return (Array.isArray(entries) ? entries : []).map(entry => {
    const fields: unknown = at(entry, 1)
    const text = (name: string) =>
      Array.isArray(fields) ? String(fields[fields.indexOf(name) + 1] ?? '') : ''
    return { id: String(at(entry, 0)), name: text('name'), data: text('data') }
  })
}
