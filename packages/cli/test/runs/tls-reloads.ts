/** Reloads under HTTPS requests over connections that are kept, each with a new certificate. */
import { once } from 'node:events'
import { copyFile, readFile } from 'node:fs/promises'
import { Agent, request } from 'node:https'
import { temporaryDirectory } from '@tunicorn/harness'
import { expect } from 'vitest'
import { createAuthority } from '../e2e/support/certificates.js'
import { serve } from '../e2e/support/served.js'
import { askSecurely } from '../e2e/support/tls-client.js'

export interface TlsReloads {
  readonly reloads: number
  readonly clients: number
}

/** Every request is answered by a worker of this server, and after each reload new connections get the new certificate. */
export async function reloadUnderTls({ reloads, clients }: TlsReloads): Promise<void> {
  await using directory = await temporaryDirectory()
  const authority = await createAuthority(directory.path)
  const pair = { certfile: `${directory.path}/server.crt`, keyfile: `${directory.path}/server.key` }
  const renew = async (): Promise<void> => {
    const renewed = await authority.issue('localhost', { names: ['localhost', '127.0.0.1'] })
    await copyFile(renewed.certfile, pair.certfile)
    await copyFile(renewed.keyfile, pair.keyfile)
  }
  await renew()
  const args = ['--certfile', pair.certfile, '--keyfile', pair.keyfile]
  await using served = await serve('./secure.js:node', { args })
  const ca = await readFile(authority.certfile, 'utf8')
  const agent = new Agent({ keepAlive: true, maxSockets: clients, ca })
  const load = new Load(served.url, agent)
  const running = Array.from({ length: clients }, () => load.run())
  const serials = new Set<string>()
  for (let count = 0; count <= reloads; count += 1) {
    if (count > 0) {
      await renew()
      const before = served.output.length
      served.running.signal('SIGHUP')
      await served.running.waitForOutput(
        new RegExp(`Reload done[^\\n]*"gen":${count}|"gen":${count},"msg":"Reload done"`),
        60_000,
      )
      expect(served.output.slice(before)).not.toMatch(/"level":"(?:warn|error)"/)
    }
    await load.next(clients * 5)
    serials.add((await askSecurely(served.url, { ca })).certificate.serialNumber)
  }
  load.isOver = true
  await Promise.all(running)
  agent.destroy()
  expect(load.failures).toEqual([])
  expect(serials.size).toBe(reloads + 1)
  expect(await served.stop()).toEqual({ code: 0, signal: null })
}

class Load {
  isOver = false
  readonly failures: unknown[] = []
  #answers = 0
  readonly #url: string
  readonly #agent: Agent
  readonly #waiting = new Map<() => void, number>()

  constructor(url: string, agent: Agent) {
    this.#url = url
    this.#agent = agent
  }

  async run(): Promise<void> {
    while (!this.isOver) {
      try {
        await this.#ask()
      } catch (error) {
        this.failures.push(error)
      }
      this.#answers += 1
      for (const [resolve, target] of this.#waiting) if (this.#answers >= target) resolve()
    }
  }

  /** Resolves after so many further answers. */
  async next(count: number): Promise<void> {
    const { promise, resolve } = promiseWithResolve()
    this.#waiting.set(resolve, this.#answers + count)
    await promise
    this.#waiting.delete(resolve)
  }

  async #ask(): Promise<void> {
    const req = request(this.#url, { agent: this.#agent })
    req.end()
    const [res] = await once(req, 'response')
    let text = ''
    for await (const chunk of res) text += String(chunk)
    const seen: unknown = JSON.parse(text)
    expect(seen).toMatchObject({ encrypted: true, pid: expect.any(Number) })
  }
}

function promiseWithResolve(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => {}
  const promise = new Promise<void>(settle => {
    resolve = settle
  })
  return { promise, resolve }
}
