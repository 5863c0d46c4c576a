/**
 * The worker class `queue`: does jobs from a stream in Redis. It listens nowhere.
 *
 * The arbiter imports this module too, so it loads nothing but the description of the class.
 */
import type { WorkerClass } from '@tunicorn/arbiter/worker'
import { integer, minLength, minValue, number, optional, pipe, strictObject, string } from 'valibot'

const text = (value: string) => optional(pipe(string(), minLength(1)), value)
const count = (value: number) => optional(pipe(number(), integer(), minValue(1)), value)

const options = strictObject({
  /** Where the Redis server is: `redis://HOST:PORT`, or the path of a Unix socket. */
  redis: text('redis://127.0.0.1:6379'),
  /** Key of the stream with the jobs. */
  stream: text('jobs'),
  /** How many jobs one worker does at a time. */
  jobs: count(10),
  /** After this many seconds without a sign of life from its worker, another worker does a job. */
  patience: count(30),
})

const queue: WorkerClass<typeof options> = {
  contract: 1,
  name: 'queue',
  capabilities: {
    appKinds: ['jobs'],
    concurrency: 'multiple',
    heartbeat: 'host',
    keepAlive: false,
    streaming: false,
    upgrade: false,
    lifespan: false,
    needsListener: false,
  },
  options,
  async create(context) {
    const { QueueWorker } = await import('./queue-worker.js')
    return new QueueWorker(context)
  },
}

export default queue
