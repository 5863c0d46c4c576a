import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import { fileURLToPath } from 'node:url'
import { checkAllOk, LoadRun, type RunningProcess, servingUrl, startTunicorn } from '@tunicorn/harness'
import { describe, expect, it } from 'vitest'
import { fixture } from '../support/start-worker.js'

const gigabyte = 1024 ** 3
const megabyte = 1024 ** 2
const allowedGrowth = 64 * megabyte

function start(app: string, ...args: readonly string[]): Promise<RunningProcess> {
  const workerClass = fileURLToPath(new URL('../../dist/index.js', import.meta.url))
  return startTunicorn({
    args: [
      fileURLToPath(fixture(app)),
      '-k',
      workerClass,
      '-b',
      '127.0.0.1:0',
      '--log-format',
      'text',
      ...args,
    ],
  })
}

async function workerPid(url: string): Promise<number> {
  return Number(await (await fetch(`${url}/pid`)).text())
}

function residentBytes(pid: number): number {
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Number(kibibytes) * 1024
}

/** The largest growth over what the worker needed before, sampled while it works. */
class MemoryWatch {
  readonly #pid: number
  readonly #before: number
  growth = 0

  constructor(pid: number) {
    this.#pid = pid
    this.#before = residentBytes(pid)
  }

  sample(): void {
    this.growth = Math.max(this.growth, residentBytes(this.#pid) - this.#before)
  }
}

// Memory is read from /proc.
describe.runIf(process.platform === 'linux')('memory', () => {
  it('stays bounded while a client that stalls downloads a gigabyte', async () => {
    await using server = await start('memory-app.mjs', '-o', 'threads=1')
    const url = await servingUrl(server)
    const pid = await workerPid(url)
    await (await fetch(`${url}/?bytes=${64 * megabyte}`)).arrayBuffer()
    const memory = new MemoryWatch(pid)
    const call = request(`${url}/?bytes=${gigabyte}`).end()
    const [response] = await once(call, 'response')
    let received = 0
    let chunks = 0
    for await (const chunk of response) {
      received += chunk.length
      chunks += 1
      // Every so often the client is slow: what the app could still write must not pile up.
      if (chunks % 2000 === 0) await new Promise(resolve => setTimeout(resolve, 50))
      if (chunks % 100 === 0) memory.sample()
    }
    expect(received).toBe(gigabyte)
    expect(memory.growth).toBeLessThan(allowedGrowth)
  })

  it('stays bounded while a client uploads a gigabyte to an app that stalls', async () => {
    await using server = await start('memory-app.mjs', '-o', 'threads=1')
    const url = await servingUrl(server)
    const pid = await workerPid(url)
    const chunk = Buffer.alloc(megabyte / 4, 'u')
    const upload = async (total: number, sample: () => void): Promise<string> => {
      const call = request(`${url}/upload`, { method: 'POST' })
      for (let sent = 0; sent < total; sent += chunk.length) {
        if (!call.write(chunk)) await once(call, 'drain')
        sample()
      }
      call.end()
      const [response] = await once(call, 'response')
      let text = ''
      for await (const part of response) text += part
      return text
    }
    await upload(64 * megabyte, () => undefined)
    const memory = new MemoryWatch(pid)
    expect(await upload(gigabyte, () => memory.sample())).toBe(String(gigabyte))
    expect(memory.growth).toBeLessThan(allowedGrowth)
  })
})

describe('a process of the arbiter', () => {
  it('serves, survives a blocked thread and says which request blocked it', async () => {
    await using server = await start('memory-app.mjs', '-o', 'threads=2', '-t', '1')
    const url = await servingUrl(server)
    const pid = await workerPid(url)
    expect((await fetch(`${url}/spin`)).status).toBe(504)
    await server.waitForOutput(/Thread \d+ is terminated: GET \/spin ran past the timeout/)
    await server.waitForOutput(/memory-app\.mjs:\d+:\d+/)
    expect(await workerPid(url)).toBe(pid)
    expect((await server.stop('SIGTERM')).code).toBe(0)
  })

  it('ends with the code for an app that cannot be loaded, and with its error', async () => {
    await using server = await start('throws.mjs')
    expect((await server.exited).code).toBe(4)
    expect(server.output).toContain('the app is broken on purpose')
  })

  it('refuses wrong options before anything is bound, all at once', async () => {
    await using server = await start('node-app.mjs', '-o', 'threads=0', '-o', 'thread=2')
    expect((await server.exited).code).toBe(1)
    expect(server.output).toMatch(/workerOptions\.threads\b/)
    expect(server.output).toMatch(/workerOptions\.thread\b/)
    expect(server.output).not.toContain('Listening at')
  })

  it('loses no request when it is reloaded under load while its threads are full', async () => {
    await using server = await start('memory-app.mjs', '-o', 'threads=1', '-o', 'maxQueue=4', '-w', '2')
    const url = await servingUrl(server)
    const load = new LoadRun({ to: url, target: '/pid', clients: 4, check: ({ body }) => body })
    await load.waitForAnswers(50)
    server.signal('SIGHUP')
    await server.waitForOutput(/(Worker exiting[\s\S]*){2}/)
    await load.waitForAnswers(50)
    const report = await load.stop()
    checkAllOk(report)
    // A worker of the old generation and one of the new.
    expect(report.labels.size).toBeGreaterThanOrEqual(2)
  })
})
