import type { RunningProcess } from '@tunicorn/harness'
import { describe, expect, it } from 'vitest'
import { runArbiter, servingAt } from '../support/run-arbiter.js'

interface Place {
  readonly slot: string
  readonly alias: string
  readonly context: number
  readonly pid: number
}

const jobs = { app: './once.mjs', exclusive: true }

/** What the workers did, in order: `begins 0 4711`. */
function deeds(server: RunningProcess): readonly string[] {
  return server.output.match(/^(begins|ends) \d+ \d+$/gm) ?? []
}

/** Throws when two processes were at work in one slot at a time. */
function checkOneAtATime(server: RunningProcess): void {
  const owners = new Map<string, string>()
  for (const deed of deeds(server)) {
    const [what, slot = '', pid = ''] = deed.split(' ')
    if (what === 'ends') owners.delete(slot)
    else if (owners.has(slot)) throw new Error(`Two at a time:\n${deeds(server).join('\n')}`)
    else owners.set(slot, pid)
  }
}

async function placeOf(url: string): Promise<Place> {
  const place: Place = JSON.parse(await (await fetch(url)).text())
  return place
}

describe('the slot of a worker', () => {
  it('is told to the app, to the class and in the log', async () => {
    await using server = await runArbiter({ app: './once.mjs', workers: 1 })
    const { slot, alias, context, pid } = await placeOf(await servingAt(server))
    expect({ slot, alias, context }).toEqual({ slot: '0', alias: '0', context: 0 })
    expect(server.output).toMatch(new RegExp(`worker=1 gen=0 pid=${pid} slot=0`))
    expect((await server.stop()).code).toBe(0)
  })

  it('goes to the successor of a worker that was killed', async () => {
    await using server = await runArbiter({ app: './once.mjs', workers: 3 })
    await server.waitForOutput(/(begins[\s\S]*){3}/)
    const [, pid = ''] = server.output.match(/^begins 1 (\d+)$/m) ?? []
    process.kill(Number(pid), 'SIGKILL')
    await server.waitForOutput(/(begins[\s\S]*){4}/)
    expect(deeds(server).at(-1)).toMatch(/^begins 1 /)
    expect((await server.stop()).code).toBe(0)
  })

  it('goes to the successor in a reload', async () => {
    await using server = await runArbiter({ app: './once.mjs', workers: 3 })
    await server.waitForOutput(/(begins[\s\S]*){3}/)
    server.signal('SIGHUP')
    await server.waitForOutput(/(begins[\s\S]*){6}/)
    const begun = deeds(server).flatMap(deed => deed.match(/^begins (\d)/)?.[1] ?? [])
    expect(begun.slice(3).toSorted()).toEqual(['0', '1', '2'])
    expect((await server.stop()).code).toBe(0)
  })
})

describe('in an exclusive group', () => {
  it('a successor begins in a reload when its predecessor has ended', async () => {
    await using server = await runArbiter({ ...jobs, workers: 2 })
    await server.waitForOutput(/(begins[\s\S]*){2}/)
    server.signal('SIGHUP')
    await server.waitForOutput(/(begins[\s\S]*){4}/)
    await server.waitForOutput(/Reload done/)
    checkOneAtATime(server)
    expect((await server.stop()).code).toBe(0)
  })

  it('a worker that is recycled is replaced in the same way', async () => {
    await using server = await runArbiter({ ...jobs, workers: 1 })
    const { pid } = await placeOf(await servingAt(server))
    process.kill(pid, 'SIGTERM')
    await server.waitForOutput(/begins[\s\S]*ends[\s\S]*begins/)
    checkOneAtATime(server)
    expect(server.output.match(/^loaded 0 \d+$/gm)).toHaveLength(2)
    expect((await server.stop()).code).toBe(0)
  })
})
