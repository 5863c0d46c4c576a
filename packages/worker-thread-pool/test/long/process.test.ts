import { checkAllOk, LoadRun, servingUrl } from '@tunicorn/harness'
import { describe, expect, it, vi } from 'vitest'
import { downloadSlowly, megabyte, uploadToSlowApp } from '../runs/transfers.js'
import { start, workerPid } from '../support/server.js'

// `test/soak` does it with a gigabyte.
describe.runIf(process.platform === 'linux')('memory', () => {
  it('stays bounded while a client that stalls downloads four times what it may grow', () =>
    downloadSlowly(256 * megabyte))

  it('stays bounded while a client uploads four times that to an app that stalls', () =>
    uploadToSlowApp(256 * megabyte))
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
    await using server = await start('memory-app.mjs', '-o', 'threads=1', '--max-queue', '4', '-w', '2')
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

it('runs threads with `nodeOptions`', async () => {
  const preload = 'data:text/javascript,globalThis.preloaded = "yes"'
  await using server = await start('preloaded.mjs', '--node-option', '--import', '--node-option', preload)
  expect(await (await fetch(await servingUrl(server))).text()).toBe('yes')
})

it('awaits what the app in each thread does at its end', async () => {
  await using server = await start('slow-end.mjs', '-o', 'threads=2')
  await fetch(await servingUrl(server))
  expect((await server.stop('SIGTERM')).code).toBe(0)
  expect(server.output.match(/closed by thread/g)).toHaveLength(2)
  expect(server.output.match(/shut down by thread/g)).toHaveLength(2)
})

it('puts the metrics of the app together over threads and workers, and what recycled threads have counted stays', async () => {
  const options = ['-o', 'threads=2', '-o', 'maxRequestsPerThread=10', '--admin', '127.0.0.1:0']
  await using server = await start('counts.mjs', '-w', '2', ...options)
  const url = await servingUrl(server)
  const [, admin = ''] = await server.waitForOutput(/Admin at: (\S+)/)
  const seen = async (): Promise<string[]> => {
    const text = await (await fetch(`${admin}/metrics`)).text()
    return text.split('\n').filter(line => line.startsWith('app_hits_total'))
  }
  const threads = new Set<string>()
  let asked = 0
  for (; asked < 100 || threads.size < 6; asked += 1) threads.add(await (await fetch(url)).text())
  await expect.poll(seen).toEqual([`app_hits_total{group="default"} ${asked}`])
  expect((await server.stop('SIGTERM')).code).toBe(0)
})

it('says once for all threads why the metrics of the app are not told', async () => {
  await using server = await start('metrics-fail.mjs', '-o', 'threads=3')
  await fetch(await servingUrl(server))
  await server.waitForOutput(/WARN: The metrics of the app are not all in \/metrics: .*the registry fails/)
  expect((await server.stop('SIGTERM')).code).toBe(0)
  expect(server.output.match(/not all in \/metrics/g)).toHaveLength(1)
})

describe('an app in threads that says when it is ready', () => {
  it('is awaited in each of them with --wait-ready', async () => {
    await using server = await start('says-ready.mjs', '-o', 'threads=2', '--wait-ready')
    expect(await (await fetch(await servingUrl(server))).text()).toBe('function')
    expect((await server.stop('SIGTERM')).code).toBe(0)
    expect(server.output).not.toContain('process.send')
  })

  it('is told once per worker what that would do, without it', async () => {
    await using server = await start('says-ready.mjs', '-o', 'threads=2')
    await server.waitForOutput(/process\.send\('ready'\).*waitReady/)
    expect((await server.stop('SIGTERM')).code).toBe(0)
    expect(server.output.match(/process\.send/g)).toHaveLength(1)
  })

  it('which never says so fails the boot', async () => {
    await using server = await start('node-app.mjs', '--wait-ready', '--boot-timeout', '1')
    expect((await server.exited).code).toBe(3)
  })
})

it('a thread broadcasts to all other threads, in its worker and in others, and not to itself', async () => {
  await using server = await start('broadcasts.mjs', '-o', 'threads=2', '-o', 'concurrency=1', '-w', '2')
  const url = await servingUrl(server)
  await server.waitForOutput(/(Booting worker[\s\S]*){2}/)
  const ask = async (path: string): Promise<{ readonly me: string; readonly heard: readonly string[] }> =>
    JSON.parse(await (await fetch(`${url}${path}`, { headers: { connection: 'close' } })).text())
  const threads = new Map<string, readonly string[]>()
  const look = async (): Promise<void> => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => ask('/')))
    for (const { me, heard } of answers) threads.set(me, heard)
  }
  await vi.waitFor(
    async () => {
      await look()
      expect(threads.size).toBe(4)
    },
    { timeout: 20_000 },
  )
  const { me } = await ask('/say')
  await vi.waitFor(
    async () => {
      await look()
      const expected = [...threads.keys()].map(thread => [thread, thread === me ? [] : [me]] as const)
      expect([...threads]).toEqual(expected)
    },
    { timeout: 20_000 },
  )
  expect((await server.stop('SIGTERM')).code).toBe(0)
})
