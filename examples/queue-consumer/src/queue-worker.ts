/** What runs in a worker process. It takes jobs while it serves. At the deadline of a drain, it gives unfinished jobs back. */
import { hostname } from 'node:os'
import type { Worker, WorkerContext, WorkerStats } from '@tunicorn/arbiter/worker'
import { Drain, Exchange, type ExchangeOwner } from '@tunicorn/net'
import { type Handler, handlersOf } from './app.js'
import { type Job, JobStream, type JobStreamOptions } from './job-stream.js'

type Options = JobStreamOptions & { readonly jobs: number }

export class QueueWorker implements Worker {
  readonly #context: WorkerContext<Options>
  readonly #stream: JobStream
  readonly #drain: Drain
  /** The jobs that are being done. */
  readonly #jobs = new Map<Exchange, Job>()
  readonly #cut = new AbortController()
  readonly #givenBack: Promise<void>[] = []
  #handlers: ReadonlyMap<string, Handler> = new Map()
  #taking: Promise<void> | undefined
  #keeping: NodeJS.Timeout | undefined
  #isEnding = false
  #ended: (() => void) | undefined

  constructor(context: WorkerContext<Options>) {
    const { group, options, slot = 0 } = context
    this.#context = context
    this.#stream = new JobStream(options, `${hostname()}:${group}:${slot}`, error =>
      context.log.warn('Redis cannot be reached', { error }),
    )
    this.#drain = new Drain({
      connections: this.#jobs,
      lingerMs: 0,
      closeIdle: () => {},
      cutAll: () => this.#cutAll(),
    })
  }

  async boot(): Promise<void> {
    const { value } = await this.#context.app.load()
    this.#handlers = handlersOf(value)
    await this.#stream.open()
  }

  async serve(): Promise<void> {
    const { patience } = this.#context.options
    this.#keeping = setInterval(() => this.#keep(), (patience * 1_000) / 4)
    this.#taking = this.#take().catch(error => this.#fail(error))
  }

  async drain(deadline: AbortSignal): Promise<void> {
    this.#isEnding = true
    await Promise.all([this.#taking, this.#drain.run(deadline)])
    await Promise.all(this.#givenBack)
  }

  async close(): Promise<void> {
    this.#isEnding = true
    clearInterval(this.#keeping)
    this.#cutAll()
    await this.#stream.close()
    await this.#taking
  }

  stats(): WorkerStats {
    return { load: this.#jobs.size / this.#context.options.jobs, gauges: { jobsRunning: this.#jobs.size } }
  }

  async #take(): Promise<void> {
    while (!this.#isEnding) {
      const room = this.#context.options.jobs - this.#jobs.size
      if (room === 0) await new Promise<void>(resolve => (this.#ended = resolve))
      else
        for (const job of await this.#stream.take(room)) {
          if (this.#isEnding) this.#givenBack.push(this.#stream.giveBack(job))
          else void this.#do(job)
        }
    }
  }

  async #do(job: Job): Promise<void> {
    const { id, name, data } = job
    const exchange = new Exchange(this.#ownerOf(job), { method: 'JOB', target: name, id }, this.#context)
    try {
      const handler = this.#handlers.get(name)
      if (handler === undefined) throw new Error(`The app has no handler for jobs of the name \`${name}\``)
      await handler(JSON.parse(data), { id, signal: this.#cut.signal })
      // A job that was given back will be done again.
      if (!exchange.isOver) await this.#stream.done(job)
    } catch (error) {
      if (exchange.isOver) return
      this.#context.log.error(`The job ${name} has failed`, { id, error })
      exchange.fail(error)
      await this.#stream.failed(job, error).catch(failure => this.#fail(failure))
    }
    exchange.end('sent')
  }

  #ownerOf(job: Job): ExchangeOwner {
    return {
      add: exchange => this.#jobs.set(exchange, job),
      delete: exchange => {
        this.#jobs.delete(exchange)
        this.#drain.countChanged()
        this.#ended?.()
      },
    }
  }

  #cutAll(): void {
    this.#cut.abort()
    for (const [exchange, job] of [...this.#jobs]) {
      const { id, name } = job
      this.#context.log.warn(`Cut at the deadline of the drain: the job ${name}`, { id })
      this.#givenBack.push(this.#stream.giveBack(job).catch(() => {}))
      exchange.end('aborted')
    }
  }

  #keep(): void {
    const ids = [...this.#jobs.values()].map(({ id }) => id)
    this.#stream.keep(ids).catch(error => this.#fail(error))
  }

  /** The server is there but refuses, for example because somebody has deleted the stream. A successor creates it again. */
  #fail(error: unknown): void {
    if (this.#isEnding) return
    this.#context.log.error('The queue has failed', { error })
    this.#context.retire('the queue has failed')
  }
}
