import { cp, readFile, writeFile } from 'node:fs/promises'
import { type RunningProcess, startProcess, temporaryDirectory, testNode } from '@tunicorn/harness'
import { describe, expect, it } from 'vitest'
import { ask, fixtures, servingAt } from '../support/run-arbiter.js'

function runFile(file: string, cwd: string = fixtures): Promise<RunningProcess> {
  return startProcess(testNode(), [`${fixtures}run-file.mjs`, file], { cwd })
}

/** Names of the hooks that have run, in order. */
function hooksOf(server: RunningProcess): readonly string[] {
  return [...server.output.matchAll(/^hook (\w+)/gm)].map(([, name = '']) => name)
}

describe('hooks', () => {
  it('do not say that a server is ready that is to stop before', async () => {
    await using directory = await temporaryDirectory()
    await cp(fixtures, directory.path, { recursive: true })
    const config = await readFile(`${directory.path}/hooks.config.mjs`, 'utf8')
    const stopping = config.replace("app: './app.mjs'", "app: './stops-its-arbiter.mjs', drainDelay: 1")
    await writeFile(`${directory.path}/hooks.config.mjs`, stopping)
    await using server = await runFile('hooks.config.mjs', directory.path)
    expect((await server.exited).code).toBe(0)
    expect(hooksOf(server)).toContain('postWorkerInit')
    expect(hooksOf(server)).not.toContain('whenReady')
    expect(hooksOf(server).at(-1)).toBe('onExit')
  })

  it('run at the points in the life of the server that their names say', async () => {
    await using server = await runFile('hooks.config.mjs')
    const url = await servingAt(server)
    await ask(url)
    await server.waitForOutput(/hook postRequest/)
    server.signal('SIGHUP')
    await server.waitForOutput(/Reload done[\s\S]*hook childExit/)
    server.signal('SIGTTIN')
    await server.waitForOutput(/hook nworkersChanged \[\{"group":"default","from":1,"to":2\}\]/)
    await server.waitForOutput(/hook postWorkerInit[\s\S]*hook postWorkerInit[\s\S]*hook postWorkerInit/)
    expect((await server.stop('SIGINT')).code).toBe(0)
    const ran = hooksOf(server)
    expect(ran[0]).toBe('onStarting')
    expect(ran.at(-1)).toBe('onExit')
    const ofTheFirst = [
      'nworkersChanged',
      'preFork',
      'postFork',
      'postWorkerInit',
      'whenReady',
      'preRequest',
      'postRequest',
      'onReload',
    ]
    expect(
      ran
        .filter(name => ofTheFirst.includes(name))
        .slice(0, 8)
        .sort(),
    ).toEqual([...ofTheFirst].sort())
    expect(ran).toContain('workerInt')
    expect(ran).toContain('workerExit')
    expect(server.output).toMatch(/hook childExit \[\{"group":"default","age":1,.*"reason":"reload"\}\]/)
  })

  it('do not take the server down when they throw', async () => {
    await using server = await runFile('hooks.config.mjs')
    const url = await servingAt(server)
    const { pid } = await ask(`${url}/hook-throws`)
    await server.waitForOutput(/The hook `postRequest` failed[\s\S]*thrown by a hook/)
    expect((await ask(url)).pid).toBe(pid)
    await server.stop()
  })

  it('end the start with 1 when the first of them throws, before anything is bound', async () => {
    await using directory = await temporaryDirectory()
    await cp(fixtures, directory.path, { recursive: true })
    const config = await readFile(`${directory.path}/hooks.config.mjs`, 'utf8')
    const broken = config.replace(
      "onStarting: server => say('onStarting', server)",
      "onStarting: () => { throw new Error('not today') }",
    )
    await writeFile(`${directory.path}/hooks.config.mjs`, broken)
    await using server = await runFile('hooks.config.mjs', directory.path)
    expect((await server.exited).code).toBe(1)
    expect(server.output).toContain('not today')
    expect(server.output).not.toContain('Listening at')
  })

  it('fail the boot of a worker when its own first ones throw', async () => {
    await using directory = await temporaryDirectory()
    await cp(fixtures, directory.path, { recursive: true })
    const config = await readFile(`${directory.path}/hooks.config.mjs`, 'utf8')
    const broken = config.replace(
      "postFork: worker => say('postFork', worker)",
      "postFork: () => { throw new Error('no fork today') }",
    )
    await writeFile(`${directory.path}/hooks.config.mjs`, broken)
    await using server = await runFile('hooks.config.mjs', directory.path)
    expect((await server.exited).code).toBe(3)
    expect(server.output).toContain('no fork today')
  })
})
