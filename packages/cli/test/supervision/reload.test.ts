import { cp, readFile, writeFile } from 'node:fs/promises'
import { checkAllOk, LoadRun, listeningUrl, openDescriptors, temporaryDirectory } from '@tunicorn/harness'
import { describe, expect, it } from 'vitest'
import { reloadUnderLoad } from '../runs/reloads.js'
import { fromThisRun, identityApp, serve } from './server.js'

describe('reloads', () => {
  // `test/soak` does 20 of them under 5,000 requests. `e2e/drain.test.ts` has TCP.
  it.each([true, false])('under constant load on a Unix socket lose no request, keep-alive %s', keepAlive =>
    reloadUnderLoad({ transport: 'a Unix socket', keepAlive, reloads: 3, requests: 400 }),
  )

  // `test/soak` does 400, and weighs the memory.
  it('leave the arbiter with as many descriptors as before', async () => {
    await using server = await serve({ workers: 1 })
    const descriptors: number[] = []
    for (let round = 1; round <= 5; round += 1) {
      server.signal('SIGHUP')
      await server.waitForTimes('Reload done', round)
      // The worker of the last generation has gone, and its channel with it.
      await server.waitForTimes('Worker exiting', round)
      descriptors.push(openDescriptors(server.pid))
    }
    expect(descriptors.at(-1)).toBeLessThanOrEqual(descriptors[0] ?? 0)
    await server.stop()
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
    const config = `${directory.path}/tunicorn.config.json`
    await writeFile(config, '{}')
    await using server = await serve({ app, cwd: directory.path, args: ['-c', config] })
    const to = await listeningUrl(server)
    await using load = new LoadRun({ to, pauseMs: 10, check: fromThisRun(server) })
    await load.waitForAnswers(50)
    await writeFile(app, code)
    // For the boot that hangs. The first workers had all the time that a busy machine needs.
    await writeFile(config, '{ "bootTimeout": 1 }')
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
    await using load = new LoadRun({ to, pauseMs: 10, check: fromThisRun(server) })
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
    await using load = new LoadRun({ to, pauseMs: 10 })
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
