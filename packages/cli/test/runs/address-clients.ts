/** Clients behind a proxy that know which address the app has to see, over connections that are kept. */
import { get, type IncomingMessage, Agent as PlainAgent } from 'node:http'
import { get as getSecurely, Agent as SecureAgent } from 'node:https'
import { text } from 'node:stream/consumers'
import type { RunningProcess } from '@tunicorn/harness'
import { expect } from 'vitest'

/** Each client is answered before the first reload, between all and behind the last. Resolves with the number of answers. */
export async function throughReloads(
  clients: readonly AddressClient[],
  { server, reloads }: { readonly server: RunningProcess; readonly reloads: number },
): Promise<number> {
  const running = clients.map(client => client.run())
  const answered = async (): Promise<void> => {
    const counts = clients.map(({ answers }) => answers + 5)
    await expect
      .poll(
        () => clients.every(({ answers, wrong }, at) => answers >= (counts[at] ?? 0) || wrong.length > 0),
        { timeout: 30_000 },
      )
      .toBe(true)
  }
  await answered()
  for (let round = 1; round <= reloads; round += 1) {
    server.signal('SIGHUP')
    await server.waitForTimes('Reload done', round, 60_000)
    await answered()
  }
  for (const client of clients) client.isOver = true
  await Promise.all(running)
  expect(clients.flatMap(({ wrong }) => wrong)).toEqual([])
  return clients.reduce((sum, { answers }) => sum + answers, 0)
}

export class AddressClient {
  isOver = false
  answers = 0
  readonly wrong: unknown[] = []
  readonly #from: string
  readonly #ask: (handle: (response: IncomingMessage) => void) => ReturnType<typeof get>
  readonly #agent: PlainAgent

  constructor({
    port,
    from,
    ca,
  }: { readonly port: number; readonly from: string; readonly ca?: string | undefined }) {
    this.#from = from
    const common = { host: '127.0.0.1', port, localAddress: from }
    const options = { keepAlive: true, maxSockets: 1 }
    const agent = ca === undefined ? new PlainAgent(options) : new SecureAgent({ ...options, ca })
    this.#agent = agent
    this.#ask = handle =>
      ca === undefined ? get({ ...common, agent }, handle) : getSecurely({ ...common, agent }, handle)
  }

  async run(): Promise<void> {
    while (!this.isOver && this.wrong.length === 0) {
      try {
        const response = await new Promise<IncomingMessage>((resolve, reject) =>
          this.#ask(resolve).on('error', reject),
        )
        const body = await text(response)
        if (body !== this.#from) this.wrong.push(`${this.#from} was told ${response.statusCode} ${body}`)
        this.answers += 1
      } catch (error) {
        this.wrong.push(error)
      }
    }
    this.#agent.destroy()
  }
}
