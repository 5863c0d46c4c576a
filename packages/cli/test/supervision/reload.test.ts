import { cp, readFile, writeFile } from 'node:fs/promises'
import { checkAllOk, LoadRun, listeningUrl, temporaryDirectory } from '@tunicorn/harness'
import { describe, expect, it } from 'vitest'
import { fromThisRun, identityApp, openDescriptors, rss, serve, waitForTimes } from './server.js'

describe('20 reloads under constant load', () => {
  it.each([
    ['TCP with keep-alive', 'tcp', true],
    ['TCP without keep-alive', 'tcp', false],
    ['a Unix socket with keep-alive', 'unix', true],
    ['a Unix socket without keep-alive', 'unix', false],
  ] as const)('lose no request, on %s', async (_what, transport, keepAlive) => {
    await using directory = await temporaryDirectory()
    const path = `unix:${directory.path}/app.sock`
    await using server = await serve({ bind: transport === 'tcp' ? '127.0.0.1:0' : path })
    const to = await listeningUrl(server)
    await using load = new LoadRun({ to, clients: 8, keepAlive, check: fromThisRun(server) })
    for (let round = 1; round <= 20; round += 1) {
      await load.waitForAnswers(50)
      server.signal('SIGHUP')
      await waitForTimes(server, 'Reload done', round)
    }
    await load.waitForAnswers(Math.max(100, 5_000 - load.report().requests))
    const report = await load.stop()
    checkAllOk(report)
    expect(report.requests).toBeGreaterThanOrEqual(5_000)
    expect(report.labels.size).toBe(21)
    console.log(
      `20 reloads, ${transport}, keep-alive ${keepAlive}: ${report.requests} requests, ${report.failed} failed`,
    )
    expect((await server.stop()).code).toBe(0)
  })
})

describe('a reload that cannot succeed', () => {
  it.each([
    ['a syntax error', 'export default (req, res => {'],
    ['an import that throws', "throw new Error('broken release')"],
    ['no app', 'export const other = 1'],
    ['a boot that hangs', 'setInterval(() => {}, 1_000)\nawait new Promise(() => {})'],
  ])('keeps the old generation for %s, without a failed request', async (_what, code) => {
    await using directory = await temporaryDirectory()
    const app = `${directory.path}/app.mjs`
    await cp(identityApp, app)
    await using server = await serve({ app, cwd: directory.path, args: ['--boot-timeout', '1'] })
    const to = await listeningUrl(server)
    await using load = new LoadRun({ to, check: fromThisRun(server) })
    await load.waitForAnswers(50)
    await writeFile(app, code)
    server.signal('SIGHUP')
    await server.waitForOutput(/Reload failed/)
    await load.waitForAnswers(50)
    const report = await load.stop()
    checkAllOk(report)
    expect([...report.labels.keys()]).toEqual(['generation 0'])
    await server.stop()
  })

  it('keeps the old generation for a broken config file, and reloads once it is mended', async () => {
    await using directory = await temporaryDirectory()
    const config = `${directory.path}/tunicorn.config.json`
    await writeFile(config, JSON.stringify({ workers: 2 }))
    await using server = await serve({ args: ['-c', config] })
    const to = await listeningUrl(server)
    await using load = new LoadRun({ to, check: fromThisRun(server) })
    await writeFile(config, '{ "workrs": 2 }')
    server.signal('SIGHUP')
    await server.waitForOutput(/Reload failed: .*workrs/)
    await writeFile(config, JSON.stringify({ workers: 2, env: { A: 'b' } }))
    server.signal('SIGHUP')
    await server.waitForOutput(/Reload done/)
    await load.waitForAnswers(20)
    checkAllOk(await load.stop())
    await server.stop()
  })
})

describe('reloads that come fast', () => {
  it('are coalesced, and the last code on disk is what serves', async () => {
    await using directory = await temporaryDirectory()
    const app = `${directory.path}/app.mjs`
    await cp(identityApp, app)
    await using server = await serve({ app, cwd: directory.path })
    const to = await listeningUrl(server)
    await using load = new LoadRun({ to })
    for (let round = 0; round < 10; round += 1) server.signal('SIGHUP')
    await writeFile(app, (await readFile(identityApp, 'utf8')).replace('process.pid', '"last"'))
    server.signal('SIGHUP')
    const { body } = await untilAnswer(to, text => text.includes('last'))
    expect(body).toContain('last')
    checkAllOk(await load.stop())
    expect(server.output.split('Reload done').length).toBeLessThan(11)
    await server.stop()
  })
})

async function untilAnswer(
  url: string,
  isWanted: (body: string) => boolean,
): Promise<{ readonly body: string }> {
  for (;;) {
    const body = await (await fetch(url)).text()
    if (isWanted(body)) return { body }
  }
}

describe('400 reloads', () => {
  it('leave the memory and the descriptors of the arbiter as they were', async () => {
    // A small heap is collected often, so that the memory shows what is held and not what waits for a collection.
    const env = { NODE_OPTIONS: '--max-semi-space-size=1 --max-old-space-size=16' }
    await using server = await serve({ workers: 1, env })
    let round = 0
    const reload = async (times: number): Promise<number> => {
      let bytes = 0
      for (const last = round + times; round < last; ) {
        server.signal('SIGHUP')
        round += 1
        await waitForTimes(server, 'Reload done', round)
        bytes += rss(server.pid)
      }
      // The worker of the last but one generation has gone, and its channel with it.
      await waitForTimes(server, 'Worker exiting', round)
      return bytes / times
    }
    await reload(150)
    // The mean of 50 reloads: single figures go up and down with each collection.
    const before = { rss: await reload(50), descriptors: openDescriptors(server.pid) }
    await reload(150)
    const after = { rss: await reload(50), descriptors: openDescriptors(server.pid) }
    const megabytes = (bytes: number): string => (bytes / 1_048_576).toFixed(1)
    console.log(
      `arbiter before and after the last 200 reloads: ${megabytes(before.rss)} and ${megabytes(after.rss)} MiB`,
    )
    expect(after.descriptors).toBeLessThanOrEqual(before.descriptors)
    expect(after.rss).toBeLessThan(before.rss * 1.05)
    await server.stop()
  }, 300_000)
})
