/** An arbiter whose end is the end of its container: here a namespace of process ids. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { type RunningProcess, startProcess, temporaryDirectory, testNode } from '@tunicorn/harness'
import { describe, expect, it } from 'vitest'
import { ask, fixtures, plainSettings, servingAt } from '../support/run-arbiter.js'

const asRoot = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user']
const container = [...asRoot, '--pid', '--fork', '--mount-proc', '--kill-child']

const startIn = (command: readonly string[]): Promise<RunningProcess> => {
  const run = [testNode(), `${fixtures}run.mjs`, JSON.stringify({ ...plainSettings, workers: 1 })]
  return startProcess('unshare', [...container, ...command, ...run], { cwd: fixtures })
}

/** Children of a process, as this side of the namespace numbers them. */
function childOf(pid: number): number {
  return Number.parseInt(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8'), 10)
}

async function expectRefusal(server: RunningProcess, arbiter: number, why: string): Promise<void> {
  const url = await servingAt(server)
  const { pid } = await ask(url)
  process.kill(arbiter, 'SIGUSR2')
  await server.waitForOutput(/Upgrade refused: |starting a new arbiter/)
  expect(server.output).toContain(`Upgrade refused: ${why}`)
  expect(await ask(url)).toMatchObject({ pid })
  process.kill(arbiter, 'SIGTERM')
  expect(await server.ended()).toEqual({ code: 0, signal: null })
}

function withNamespaces(): void {
  it('is not upgraded when it is process 1', async () => {
    await using server = await startIn([])
    await server.waitForOutput(/^serving/m)
    await expectRefusal(server, childOf(server.pid), 'this arbiter is process 1')
  })

  it('is not upgraded when process 1 ends with it', async () => {
    await using directory = await temporaryDirectory()
    const init = `${directory.path}/tini`
    await writeFile(init, '#!/bin/sh\n"$@" &\nwait $!\n', { mode: 0o755 })
    await using server = await startIn([init])
    await server.waitForOutput(/^serving/m)
    await expectRefusal(server, childOf(childOf(server.pid)), 'process 1 (tini) ends with this arbiter')
  })
}

const isPossible = spawnSync('unshare', [...container, 'true']).status === 0
if (isPossible) describe('an arbiter in a container', withNamespaces)
else console.log('no namespace of process ids can be made here: an upgrade in a container is not tested')
