/** Many broadcasts from several workers, while one of the others reads nothing. */
import type { RunningProcess } from '@tunicorn/harness'
import { expect, vi } from 'vitest'
import { adminAt, scrape, total as sumOf } from '../support/admin.js'
import { runArbiter } from '../support/run-arbiter.js'

interface Heard {
  readonly count: number
  readonly last: number
  readonly isInOrder: boolean
}

export interface Told {
  readonly pid: number
  readonly group: string
  readonly heard: Readonly<Record<string, Heard>>
  /** Sent so far. */
  readonly number: number
  readonly isSending: boolean
  readonly failure?: string
}

/** A server with a group of one worker for each name, so that each can be spoken to. */
export class Village implements AsyncDisposable {
  readonly server: RunningProcess
  readonly #urls: ReadonlyMap<string, string>

  private constructor(server: RunningProcess, urls: ReadonlyMap<string, string>) {
    this.server = server
    this.#urls = urls
  }

  static async start(
    names: readonly string[],
    settings: Readonly<Record<string, unknown>> = {},
  ): Promise<Village> {
    const groups = Object.fromEntries(names.map(name => [name, { bind: '127.0.0.1:0', workers: 1 }]))
    const server = await runArbiter({ app: './broadcasts.mjs', workers: 1, groups, ...settings })
    const [, json = '[]'] = await server.waitForOutput(/^serving (.*)$/m)
    const addresses: readonly { readonly port: number }[] = JSON.parse(json)
    const urls = names.map((name, index) => [name, `http://127.0.0.1:${addresses[index]?.port}`] as const)
    return new Village(server, new Map(urls))
  }

  async ask(name: string, path = '/'): Promise<Told> {
    const response = await fetch(`${this.#urls.get(name)}${path}`, { signal: AbortSignal.timeout(60_000) })
    const told: Told = JSON.parse(await response.text())
    return told
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server[Symbol.asyncDispose]()
  }
}

/** 10,000 messages a second of two senders to a listener, which hears each; a third worker is blocked meanwhile. */
export async function manyBroadcasts(seconds: number): Promise<void> {
  await using village = await Village.start(['one', 'two', 'listener', 'blocked'], {
    timeout: 0,
    admin: ':0',
  })
  const blocked = village.ask('blocked', `/block?ms=${(seconds + 1) * 1_000}`)
  const order = `/send?rate=5000&seconds=${seconds}`
  const senders = await Promise.all([village.ask('one', order), village.ask('two', order)])
  const total = 5_000 * seconds
  const isDone = async (name: string): Promise<void> => {
    const { number, isSending } = await village.ask(name)
    expect({ number, isSending }).toEqual({ number: total, isSending: false })
  }
  const patience = { timeout: seconds * 1_000 + 60_000, interval: 100 }
  await vi.waitFor(() => Promise.all([isDone('one'), isDone('two')]), patience)
  const all = { count: total, last: total, isInOrder: true }
  const expected = Object.fromEntries(senders.map(({ pid }) => [pid, all]))
  await vi.waitFor(async () => expect((await village.ask('listener')).heard).toEqual(expected), patience)
  // It is alive, and was not killed for what it did not read.
  const { pid } = await blocked
  const { heard, extra } = await lastHeard(village, pid)
  const metrics = await scrape(await adminAt(village.server))
  expect((await village.server.stop()).code).toBe(0)
  const lines = village.server.output.matchAll(/WARN: (\d+) broadcasts were lost/g)
  const lost = [...lines].reduce((sum, [, count]) => sum + Number(count), 0)
  expect(lost).toBeGreaterThan(0)
  expect(sumOf(metrics, 'tunicorn_broadcasts_lost_total', 'group="blocked"')).toBe(lost)
  expect(sumOf(metrics, 'tunicorn_broadcasts_lost_total')).toBe(lost)
  expect(heard + lost).toBe(2 * total + extra)
}

/** What the worker that was blocked has heard in all, once it hears again; `extra`: messages that were sent to find that out. */
async function lastHeard(
  village: Village,
  pid: number,
): Promise<{ readonly heard: number; readonly extra: number }> {
  let heard: readonly Heard[] = []
  let extra = 0
  await vi.waitFor(
    async () => {
      // What it has not read yet may leave no room for this one either.
      const sender = await village.ask('one', '/one')
      extra += 1
      const told = await village.ask('blocked')
      expect(told.pid).toBe(pid)
      heard = Object.values(told.heard)
      expect(told.heard[sender.pid]?.last).toBe((await village.ask('one')).number)
    },
    { timeout: 30_000, interval: 100 },
  )
  for (const { isInOrder } of heard) expect(isInOrder).toBe(true)
  return { heard: heard.reduce((sum, { count }) => sum + count, 0), extra }
}
