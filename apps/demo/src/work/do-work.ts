/** The app that all four groups have in common, of kind `fetch`: the same work under every worker class. */
import { setTimeout as wait } from 'node:timers/promises'
import { threadId } from 'node:worker_threads'
import { currentRelease } from '../directory/current-release.js'
import { isWork, leakBytes, type Work } from '../shared/work.js'

const ioMs = 100
const cpuMs = 200
/** Workers are recycled at `maxRss` long before this, which only keeps the machine from harm. */
const maxLeaks = 40

/** Read at import, where real code breaks. */
const release = currentRelease()

/** What a leaky handler forgets to let go of. */
const leaked: Buffer[] = []

const handlers: Readonly<Record<Work, (signal: AbortSignal) => unknown>> = {
  fast: () => {},
  io: signal => wait(ioMs, undefined, { signal }),
  cpu: () => compute(performance.now() + cpuMs),
  leak: () => {
    if (leaked.length < maxLeaks) leaked.push(Buffer.alloc(leakBytes, 1))
  },
  crash: () => new Promise(throwLater),
  block: () => compute(Number.POSITIVE_INFINITY),
}

/** `POST /work/NAME`. The answer says which process gave it. */
export async function doWork(request: Request): Promise<Response> {
  const work = new URL(request.url).pathname.replace('/work/', '')
  if (!isWork(work)) return new Response('Not found\n', { status: 404 })
  // Work changes the server, so a link or an image on another site must not be enough to ask for it.
  if (request.method !== 'POST')
    return new Response('Use POST\n', { status: 405, headers: { allow: 'POST' } })
  await handlers[work](request.signal)
  return Response.json({ work, pid: process.pid, thread: threadId, release, leaked: leaked.length })
}

/** Throws an error that nobody can catch, which is what ends a process in production. There is never an answer. */
function throwLater(): void {
  setImmediate(() => {
    throw new Error('This handler crashes on purpose')
  })
}

/** Keeps the processor busy, as a handler with a slow loop in it would. */
function compute(until: number): number {
  let sum = 0
  while (performance.now() < until) for (let step = 0; step < 10_000; step++) sum += Math.sqrt(step)
  return sum
}
