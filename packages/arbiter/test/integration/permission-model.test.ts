/** Under Node's permission model, which may refuse what the host would like to have. */
import { spawnSync } from 'node:child_process'
import { startProcess, testNode } from '@tunicorn/harness'
import { expect, it } from 'vitest'
import { ask, fixtures, servingAt } from '../support/run-arbiter.js'

const config = {
  chdir: fixtures,
  app: './app.mjs',
  workerClass: './plain-class.mjs',
  workers: 1,
  bind: '127.0.0.1:0',
  control: 'off',
  logFormat: 'text',
}
const warning = /without a watchdog/g

function isFlag(flag: string): boolean {
  return spawnSync(testNode(), [flag, '--version']).status === 0
}

/** The model has had two names, and newer releases keep sockets back, too. */
function modelFlags(): readonly string[] {
  const model = isFlag('--permission') ? '--permission' : '--experimental-permission'
  return isFlag('--allow-net') ? [model, '--allow-net'] : [model]
}

function start(...allowed: readonly string[]): ReturnType<typeof startProcess> {
  const flags = [...modelFlags(), '--allow-fs-read=*', '--allow-child-process', ...allowed]
  return startProcess(testNode(), [...flags, `${fixtures}run.mjs`, JSON.stringify(config)], { cwd: fixtures })
}

it('a worker that may not start threads serves with its heartbeat alone, and says so once', async () => {
  await using server = await start()
  const url = await servingAt(server)
  const { pid } = await ask(url)
  expect((await server.stop()).code, server.output).toBe(0)
  expect(server.output).toContain(`Booting worker with pid: ${pid}`)
  expect(server.output.match(warning), server.output).toHaveLength(1)
  expect(server.output).toContain('ERR_ACCESS_DENIED')
  expect(server.output).not.toContain('Uncaught exception')
})

it('a worker that may start threads says nothing of its watchdog', async () => {
  await using server = await start('--allow-worker')
  await ask(await servingAt(server))
  expect((await server.stop()).code, server.output).toBe(0)
  expect(server.output).not.toMatch(warning)
})
