/** Jobs that tell of themselves in a list of the Redis server, which the test reads. */
import { Redis } from 'ioredis'

const redis = new Redis(process.env.JOURNAL)

async function tell(what, id) {
  await redis.rpush('journal', JSON.stringify({ what, id, pid: process.pid }))
}

export default {
  async quick(_data, { id }) {
    await tell('done', id)
  },
  /** Is done when the test says so. */
  async held({ cue }, { id }) {
    await tell('begun', id)
    const waiting = redis.duplicate()
    await waiting.blpop(cue, 0)
    waiting.disconnect()
    await tell('done', id)
  },
  /** Ends only when it is told to. */
  async endless(_data, { id, signal }) {
    await tell('begun', id)
    if (!signal.aborted) await new Promise(resolve => signal.addEventListener('abort', resolve))
    await tell('aborted', id)
  },
  fail() {
    throw new Error('no luck')
  },
}

export function shutdown() {
  redis.disconnect()
}
