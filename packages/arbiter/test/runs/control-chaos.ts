/** The control API while everything around it goes wrong. */
import { connect } from 'node:net'
import { type ControlClient, type ControlEvent, TunicornError } from '@tunicorn/arbiter/control'
import { openDescriptors, seeded } from '@tunicorn/harness'
import { expect } from 'vitest'
import { controlledArbiter } from '../support/controlled-arbiter.js'
import { servingAt } from '../support/run-arbiter.js'

export interface Chaos {
  readonly ms: number
  /** Clients that ask for the status once a second. */
  readonly readers: number
  /** Clients that ask for events and do not read them. */
  readonly deafReaders: number
}

/** Of a reader: many that ask without a pause would measure this machine. Nothing that is expected waits for one. */
const pauseMs = 1_000

const pause = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms))

/** Counters of the exposition by name and labels. */
function counters(text: string): ReadonlyMap<string, number> {
  const lines = text.matchAll(/^(\w+_(?:total|count|bucket|sum)(?:\{.*\})?) (\S+)$/gm)
  return new Map([...lines].map(([, name = '', value]) => [name, Number(value)] as const))
}

/** What somebody who wants trouble does next. */
function trouble(client: ControlClient, url: string, random: () => number) {
  const killOne = async (): Promise<void> => {
    const workers = (await client.status()).groups.flatMap(group => group.workers)
    const pid = workers[Math.floor(random() * workers.length)]?.pid
    if (typeof pid === 'number') process.kill(pid, 'SIGKILL')
  }
  const get = (path: string): Promise<unknown> => fetch(url + path, { signal: AbortSignal.timeout(5_000) })
  return [
    killOne,
    () => client.reload(),
    () => client.scale({ to: 1 + Math.floor(random() * 4) }),
    () => get('/block'),
    () => get('/exit'),
    () => get('/'),
    () => get('/slow?ms=300'),
  ]
}

/** The control API answers, truly and in time, whatever workers and readers do. */
export async function controlChaos({ ms, readers, deafReaders }: Chaos): Promise<void> {
  const seed = Number(process.env.SEED ?? 20)
  console.log(`SEED=${seed}, ${ms / 1_000} s`)
  const random = seeded(seed)
  await using arbiter = await controlledArbiter({ settings: { workers: 3, timeout: 1, gracefulTimeout: 1 } })
  const { client, server } = arbiter
  const url = await servingAt(server)
  const fds = (): number => (process.platform === 'linux' ? openDescriptors(server.pid) : 0)
  await client.reload({ wait: true })
  const before = { fds: fds(), rss: (await client.status()).arbiter.rss ?? 0 }

  const end = performance.now() + ms
  const isOver = (): boolean => performance.now() > end
  const times: number[] = []
  let maxRss = 0
  const read = async (index: number): Promise<void> => {
    await pause((index / readers) * pauseMs)
    while (!isOver()) {
      const start = performance.now()
      const { arbiter: self } = await client.status({ signal: AbortSignal.timeout(20_000) })
      times.push(performance.now() - start)
      maxRss = Math.max(maxRss, self.rss ?? 0)
      await pause(pauseMs)
    }
  }
  const makeTrouble = async (): Promise<void> => {
    const ways = trouble(client, url, random)
    while (!isOver()) {
      // Requests that fail are the point of it; what the control API refuses is not.
      await ways[Math.floor(random() * ways.length)]?.().catch((error: unknown) => {
        if (error instanceof TunicornError) throw error
      })
      await pause(random() * 600)
    }
  }
  const watchCounters = async (): Promise<void> => {
    let last = counters(await client.metrics())
    expect(last.size).toBeGreaterThan(5)
    while (!isOver()) {
      await pause(pauseMs)
      const now = counters(await client.metrics())
      for (const [name, value] of last) expect(now.get(name), name).toBeGreaterThanOrEqual(value)
      last = now
    }
  }
  const watchEvents = async (): Promise<readonly ControlEvent[]> => {
    const seen: ControlEvent[] = []
    const timer = AbortSignal.timeout(ms)
    try {
      for await (const event of client.events({ signal: timer })) seen.push(event)
    } catch (error) {
      if (!timer.aborted) throw error
    }
    return seen
  }
  const deaf = Array.from({ length: deafReaders }, () => {
    const socket = connect(client.path).on('error', () => {})
    socket.write('GET /events HTTP/1.1\r\nhost: x\r\n\r\n')
    return socket.pause()
  })

  const [events] = await Promise.all([
    watchEvents(),
    makeTrouble(),
    makeTrouble(),
    watchCounters(),
    ...Array.from({ length: readers }, (_, index) => read(index)),
  ])
  for (const socket of deaf) socket.destroy()

  times.sort((a, b) => a - b)
  const at = (share: number): number => Math.round(times[Math.floor((times.length - 1) * share)] ?? 0)
  const mebibytes = (bytes: number): number => Math.round(bytes / 1_048_576)
  console.log(
    `${times.length} answers: median ${at(0.5)} ms, 99 % within ${at(0.99)} ms, worst ${at(1)} ms; ` +
      `${events.length} events; arbiter ${mebibytes(before.rss)} MiB, at most ${mebibytes(maxRss)} MiB`,
  )
  expect(times.length).toBeGreaterThan(readers)
  expect(at(0.5)).toBeLessThan(500)
  expect(maxRss - before.rss).toBeLessThan(64 * 1_048_576)
  checkLives(events)

  await client.scale({ to: 2 })
  await client.reload({ wait: true })
  await expect
    .poll(async () => (await client.status()).groups[0]?.workers.map(({ state }) => state))
    .toEqual(['serving', 'serving'])
  await expect.poll(() => fds() <= before.fds + 5).toBe(true)
  await client.stop({ wait: true })
}

/** Every state of a worker follows from the one that was told before, and nothing is told of the dead. */
function checkLives(events: readonly ControlEvent[]): void {
  const [first, ...rest] = events
  if (first?.type !== 'status') throw new Error('The first event is not the status')
  const states = new Map<number, string>(
    first.status.groups.flatMap(group => group.workers.map(({ age, state }) => [age, state] as const)),
  )
  for (const event of rest) {
    if (event.type === 'worker') {
      expect(event.from, `worker ${event.age}`).toBe(states.get(event.age) ?? null)
      states.set(event.age, event.state)
    }
    if (event.type === 'exit') expect(states.delete(event.exit.age), `worker ${event.exit.age}`).toBe(true)
  }
}
