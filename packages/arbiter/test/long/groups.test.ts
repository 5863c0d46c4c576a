import { cp, readFile, stat, writeFile } from 'node:fs/promises'
import {
  bootedPids,
  connectionTo,
  isAlive,
  type RunningProcess,
  rawExchange,
  startProcess,
  temporaryDirectory,
  testNode,
} from '@tunicorn/harness'
import { describe, expect, it } from 'vitest'
import { fixtures } from '../support/run-arbiter.js'

interface Groups {
  readonly [name: string]: Readonly<Record<string, unknown>>
}

/** A folder with the fixtures, and the config file for these groups, each on a Unix socket of its name. */
async function project(directory: string) {
  await cp(fixtures, directory, { recursive: true })
  const write = async (groups: Groups): Promise<void> => {
    const entries = Object.entries(groups).map(([name, group]) => [
      name,
      { bind: `unix:${directory}/${name}.sock`, ...group },
    ])
    const config = {
      workerClass: './plain-class.mjs',
      app: './app.mjs',
      logFormat: 'text',
      bootTimeout: 2,
      groups: Object.fromEntries(entries),
    }
    await writeFile(`${directory}/tunicorn.config.json`, JSON.stringify(config))
  }
  const run = (): Promise<RunningProcess> =>
    startProcess(testNode(), [`${fixtures}run-file.mjs`, 'tunicorn.config.json'], { cwd: directory })
  return { write, run, socket: (name: string) => `${directory}/${name}.sock` }
}

async function statusOf(path: string): Promise<string> {
  const answer = await rawExchange(connectionTo(`unix:${path}`), 'GET / HTTP/1.1\r\nhost: x\r\n\r\n')
  return answer.toString().split('\r\n')[0] ?? ''
}

describe('several groups under one arbiter', () => {
  it('serve side by side, and are named in the log', async () => {
    await using directory = await temporaryDirectory()
    const { write, run, socket } = await project(directory.path)
    await write({ web: {}, api: { workers: 2 } })
    await using server = await run()
    await server.waitForOutput(/^serving/m)
    expect(await statusOf(socket('web'))).toBe('HTTP/1.1 200 OK')
    expect(await statusOf(socket('api'))).toBe('HTTP/1.1 200 OK')
    expect(server.output).toMatch(/Booting worker with pid: \d+ group=api worker=\d+ gen=0/)
    await server.stop()
    await expect(stat(socket('web'))).rejects.toThrow('ENOENT')
  })

  it('come and go with a reload, with their sockets', async () => {
    await using directory = await temporaryDirectory()
    const { write, run, socket } = await project(directory.path)
    await write({ web: {}, old: {} })
    await using server = await run()
    await server.waitForOutput(/^serving/m)
    await write({ web: {}, fresh: {} })
    server.signal('SIGHUP')
    await server.waitForOutput(/Reload done/)
    expect(await statusOf(socket('web'))).toBe('HTTP/1.1 200 OK')
    expect(await statusOf(socket('fresh'))).toBe('HTTP/1.1 200 OK')
    await server.waitForOutput(/Worker exiting .*group=old/)
    await expect(stat(socket('old'))).rejects.toThrow('ENOENT')
    await server.stop()
    await expect.poll(() => bootedPids(server).filter(isAlive)).toEqual([])
  })

  it('all keep their generation when one of them cannot boot the new one', async () => {
    await using directory = await temporaryDirectory()
    const { write, run, socket } = await project(directory.path)
    await write({ web: {}, api: {} })
    await using server = await run()
    await server.waitForOutput(/^serving/m)
    const old = bootedPids(server)
    await write({ web: { workers: 2 }, api: { app: './throws.mjs' }, fresh: {} })
    server.signal('SIGHUP')
    await server.waitForOutput(/Reload failed: .*group api: .*broken on purpose/)
    expect(await statusOf(socket('web'))).toBe('HTTP/1.1 200 OK')
    expect(await statusOf(socket('api'))).toBe('HTTP/1.1 200 OK')
    await expect(stat(socket('fresh'))).rejects.toThrow('ENOENT')
    expect(old.every(isAlive)).toBe(true)
    await write({ web: { workers: 2 }, api: {}, fresh: {} })
    server.signal('SIGHUP')
    await server.waitForOutput(/Reload done/)
    expect(await statusOf(socket('fresh'))).toBe('HTTP/1.1 200 OK')
    await server.stop()
    await expect.poll(() => bootedPids(server).filter(isAlive)).toEqual([])
  })

  it('moves to another address with a reload', async () => {
    await using directory = await temporaryDirectory()
    const { write, run, socket } = await project(directory.path)
    await write({ web: {} })
    await using server = await run()
    await server.waitForOutput(/^serving/m)
    const moved = `unix:${directory.path}/moved.sock`
    await write({ web: { bind: moved } })
    server.signal('SIGHUP')
    await server.waitForOutput(/No longer listening at: unix:.*web\.sock[\s\S]*Reload done/)
    expect(await statusOf(`${directory.path}/moved.sock`)).toBe('HTTP/1.1 200 OK')
    await expect(stat(socket('web'))).rejects.toThrow('ENOENT')
    await server.stop()
    expect(await readFile(`${directory.path}/tunicorn.config.json`, 'utf8')).toContain('moved')
  })
})
