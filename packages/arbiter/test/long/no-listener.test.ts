/** Groups that accept no connections: consumers of a queue beside the servers. */
import type { RunningProcess } from '@tunicorn/harness'
import { describe, expect, it } from 'vitest'
import { adminAt, scrape, total } from '../support/admin.js'
import { ask, runArbiter, servingAt } from '../support/run-arbiter.js'

const consumer = { workerClass: './consumer-class.mjs', bind: [], exclusive: true, workers: 2 }

/** What the consumers did, in order: `begins 0 4711`. */
function deeds(server: RunningProcess): readonly string[] {
  return server.output.match(/^(begins|ends) \d+ \d+$/gm) ?? []
}

describe('a group whose worker class needs no listener', () => {
  it('serves beside another one without an address, with slots, one at a time in each, and drains', async () => {
    const groups = { web: { workers: 1, bind: '127.0.0.1:0' }, jobs: consumer }
    await using server = await runArbiter({ groups, bind: undefined, admin: '127.0.0.1:0' })
    const url = await servingAt(server)
    await server.waitForOutput(/(begins[\s\S]*){2}/)
    expect(server.output).toMatch(/^boots 0 \d+ with 0 listeners$/m)
    expect(server.output.match(/Listening at/g)).toHaveLength(1)
    const admin = await adminAt(server)
    expect((await fetch(`${admin}/readyz`)).status).toBe(200)
    await expect
      .poll(async () => total(await scrape(admin), 'tunicorn_requests_total', 'group="jobs"'))
      .toBeGreaterThan(0)
    await ask(url)
    server.signal('SIGHUP')
    await server.waitForOutput(/Reload done/)
    await server.waitForOutput(/(begins[\s\S]*){4}/)
    const owners = new Map<string, string>()
    for (const deed of deeds(server)) {
      const [what, slot = '', pid = ''] = deed.split(' ')
      if (what === 'begins') expect(owners.get(slot), deeds(server).join()).toBeUndefined()
      if (what === 'begins') owners.set(slot, pid)
      else owners.delete(slot)
    }
    expect((await server.stop()).code).toBe(0)
    expect(deeds(server).filter(deed => deed.startsWith('ends'))).toHaveLength(4)
  })

  it('may be all that there is, also over an upgrade', async () => {
    await using server = await runArbiter(consumer)
    await server.waitForOutput(/^serving \[\]$/m)
    await server.waitForOutput(/(begins[\s\S]*){2}/)
    server.signal('SIGUSR2')
    await server.waitForOutput(/The new arbiter \(pid: \d+\) serves; this one leaves/)
    const [, pid = ''] = /The new arbiter \(pid: (\d+)\)/.exec(server.output) ?? []
    await server.waitForOutput(/(ends[\s\S]*){2}/)
    process.kill(Number(pid), 'SIGTERM')
    await server.waitForOutput(/(ends[\s\S]*){4}/)
  })
})

it('a group whose worker class needs a listener is refused without one, in plain words', async () => {
  await using server = await runArbiter({ bind: [] })
  await server.waitForOutput(
    /CONFIG_INVALID: Expected `bind` to have an address, got none, from .*: worker class "plain" runs an app for its requests alone/,
  )
})
