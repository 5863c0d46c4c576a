import { copyFile, rename, symlink, unlink } from 'node:fs/promises'
import { bootedPids, startProcess, temporaryDirectory, testNode } from '@tunicorn/harness'
import { expect, it } from 'vitest'
import { ask, fixtures, plainSettings, servingAt } from '../support/run-arbiter.js'
import { publicCopy, startArbiter } from '../support/start-arbiter.js'

const config = JSON.stringify(plainSettings)

it('a server whose node is gone says so in plain words, tries again, and serves when it is back', async () => {
  await using directory = await temporaryDirectory()
  const node = `${directory.path}/node`
  await copyFile(testNode(), node)
  await using server = await startProcess(node, [`${fixtures}run.mjs`, config], { cwd: fixtures })
  const url = await servingAt(server)
  const [first, second] = bootedPids(server)
  await rename(node, `${node}.away`)
  process.kill(Number(first), 'SIGKILL')
  await server.waitForOutput(/(Could not start a worker: .*there is no .*node.*[\s\S]*){2}/)
  expect(server.output).not.toMatch(/undefined|ENOENT.*was killed|pid: null/)
  expect((await ask(url)).pid).toBe(second)
  await rename(`${node}.away`, node)
  await server.waitForOutput(/(Booting worker[\s\S]*){3}/)
  expect((await server.stop()).code).toBe(0)
})

it('a server whose working directory is gone names it', async () => {
  await using directory = await temporaryDirectory()
  const chdir = `${directory.path}/current`
  await symlink(fixtures, chdir)
  const there = JSON.stringify({ ...JSON.parse(config), chdir, workers: 1 })
  await using server = await startProcess(testNode(), [`${fixtures}run.mjs`, there], { cwd: fixtures })
  await servingAt(server)
  await unlink(chdir)
  process.kill(Number(bootedPids(server)[0]), 'SIGKILL')
  await server.waitForOutput(/Could not start a worker: .*directory.*current/)
  await symlink(fixtures, chdir)
  await server.waitForOutput(/(Booting worker[\s\S]*){2}/)
  expect((await server.stop()).code).toBe(0)
})

it('a server whose package is gone names the file that is missing', async () => {
  await using directory = await publicCopy()
  await using server = await startArbiter({ directory: directory.fixtures, settings: { workers: 1 } })
  await servingAt(server)
  const host = `${directory.path}/dist/host`
  await rename(host, `${host}.away`)
  process.kill(Number(bootedPids(server)[0]), 'SIGKILL')
  await server.waitForOutput(/Could not start a worker: there is no .*host.main\.js.*upgrade \(USR2\)/)
  const manifest = `${directory.path}/package.json`
  await rename(manifest, `${manifest}.away`)
  server.signal('SIGHUP')
  await server.waitForOutput(/Reload failed: .*There is no .*package\.json.*upgrade \(USR2\)/)
  await rename(`${manifest}.away`, manifest)
  await rename(`${host}.away`, host)
  await server.waitForOutput(/(Booting worker[\s\S]*){2}/)
  expect((await server.stop()).code).toBe(0)
})
