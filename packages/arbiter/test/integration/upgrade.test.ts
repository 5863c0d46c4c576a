import { existsSync, readFileSync } from 'node:fs'
import { cp, readFile, stat, writeFile } from 'node:fs/promises'
import {
  type Answer,
  bootedPids,
  checkAllOk,
  isAlive,
  LoadRun,
  openDescriptors,
  type RunningProcess,
  Successors,
  temporaryDirectory,
} from '@tunicorn/harness'
import { describe, expect, it } from 'vitest'
import { ask, fixtures, runArbiter, servingAt } from '../support/run-arbiter.js'

/** Notes who answered. The log may name a new worker only after its first answer. */
class Answering {
  readonly #pids = new Set<number>()

  readonly check = ({ body }: Answer): string => {
    const { pid }: { readonly pid: number } = JSON.parse(body)
    this.#pids.add(pid)
    return String(pid)
  }

  /** To be called when the load has ended. */
  expectOnlyWorkersOf(server: RunningProcess): void {
    expect(this.#pids.size).toBeGreaterThan(0)
    expect(bootedPids(server)).toEqual(expect.arrayContaining([...this.#pids]))
  }
}

describe('an upgrade', () => {
  it.each(['tcp', 'unix'])(
    'hands over three times in a row under load without a failure, on %s',
    async transport => {
      await using directory = await temporaryDirectory()
      const path = `${directory.path}/app.sock`
      const pidfile = `${directory.path}/pid`
      await using server = await runArbiter({
        pidfile,
        bind: transport === 'tcp' ? '127.0.0.1:0' : `unix:${path}`,
      })
      using successors = new Successors(server)
      await server.waitForOutput(/^serving/m)
      const to = transport === 'tcp' ? await servingAt(server) : `unix:${path}`
      const answering = new Answering()
      await using load = new LoadRun({ to, clients: 4, keepAlive: false, check: answering.check })
      let arbiter = server.pid
      const counts: number[] = []
      for (let round = 0; round < 3; round += 1) {
        await load.waitForAnswers(50)
        arbiter = await successors.upgrade()
        expect(await readFile(pidfile, 'utf8')).toBe(`${arbiter}\n`)
        counts.push(openDescriptors(arbiter))
      }
      await load.waitForAnswers(50)
      checkAllOk(await load.stop())
      answering.expectOnlyWorkersOf(server)
      expect(new Set(counts).size).toBe(1)
      process.kill(arbiter, 'SIGTERM')
      await server.closed
      await expect(stat(path)).rejects.toThrow('ENOENT')
      await expect(stat(pidfile)).rejects.toThrow('ENOENT')
    },
  )

  it('keeps a pidfile that names a process that is alive, at every moment', async () => {
    await using directory = await temporaryDirectory()
    const pidfile = `${directory.path}/pid`
    await using server = await runArbiter({ pidfile })
    using successors = new Successors(server)
    await server.waitForOutput(/^serving/m)
    const strays: string[] = []
    let isWatched = true
    const read = (): string => (existsSync(pidfile) ? readFileSync(pidfile, 'utf8') : 'none')
    const watch = (): void => {
      // One read right after the other: what is wrong for a millisecond is wrong.
      const pid = read()
      // Where it says another one by now, this test was kept from looking for longer than the old arbiter has drained.
      if (!isAlive(Number(pid)) && read() === pid) strays.push(pid)
      if (isWatched) setImmediate(watch)
    }
    watch()
    for (let round = 0; round < 3; round += 1) await successors.upgrade()
    isWatched = false
    expect(strays).toEqual([])
    process.kill(successors.newest, 'SIGTERM')
    await server.closed
    await expect(stat(pidfile)).rejects.toThrow('ENOENT')
  })

  it('leaves the old arbiter as it was when the new one does not boot', async () => {
    await using directory = await temporaryDirectory()
    await cp(fixtures, directory.path, { recursive: true })
    const pidfile = `${directory.path}/pid`
    await using server = await runArbiter({
      chdir: directory.path,
      pidfile,
      bind: `unix:${directory.path}/app.sock`,
    })
    using _successors = new Successors(server)
    await server.waitForOutput(/^serving/m)
    await writeFile(`${directory.path}/app.mjs`, "throw new Error('broken release')")
    server.signal('SIGUSR2')
    await server.waitForOutput(/Upgrade failed, this arbiter goes on: the new arbiter exited with code 4/)
    expect(server.output).toContain('broken release')
    expect(await readFile(pidfile, 'utf8')).toBe(`${server.pid}\n`)
    const answering = new Answering()
    await using load = new LoadRun({ to: `unix:${directory.path}/app.sock`, check: answering.check })
    await load.waitForAnswers(20)
    checkAllOk(await load.stop())
    answering.expectOnlyWorkersOf(server)
    expect((await server.stop()).code).toBe(0)
  })

  it('is refused while another one is under way', async () => {
    await using directory = await temporaryDirectory()
    await cp(fixtures, directory.path, { recursive: true })
    await using server = await runArbiter({ chdir: directory.path })
    using _successors = new Successors(server)
    const url = await servingAt(server)
    await writeFile(`${directory.path}/app.mjs`, 'setInterval(() => {}, 1_000)\nawait new Promise(() => {})')
    server.signal('SIGUSR2')
    await server.waitForOutput(/starting a new arbiter with pid/)
    server.signal('SIGUSR2')
    await server.waitForOutput(/Upgrade refused/)
    expect((await ask(url)).pid).toBeGreaterThan(0)
    await server.stop()
    await expect.poll(() => bootedPids(server).filter(isAlive)).toEqual([])
  })

  it('gives way to a stop, which ends both arbiters', async () => {
    await using directory = await temporaryDirectory()
    await cp(fixtures, directory.path, { recursive: true })
    await using server = await runArbiter({ chdir: directory.path })
    using _successors = new Successors(server)
    await servingAt(server)
    await writeFile(`${directory.path}/app.mjs`, 'setInterval(() => {}, 1_000)\nawait new Promise(() => {})')
    server.signal('SIGUSR2')
    await server.waitForOutput(/starting a new arbiter with pid: \d+[\s\S]*Booting worker/)
    expect((await server.stop('SIGTERM')).code).toBe(0)
    await server.closed
    expect(server.output).toContain('Upgrade given up: the server stops')
    expect(server.output).not.toContain('goes on')
  })

  it('does what a reload would do that is asked for meanwhile', async () => {
    await using directory = await temporaryDirectory()
    await using server = await runArbiter({ bind: `unix:${directory.path}/app.sock` })
    using successors = new Successors(server)
    await server.waitForOutput(/^serving/m)
    server.signal('SIGUSR2')
    await server.waitForOutput(/starting a new arbiter with pid/)
    server.signal('SIGHUP')
    await server.waitForOutput(/Master has been promoted/)
    expect(server.output).not.toMatch(/Reloading|Reload failed|in use/)
    process.kill(successors.newest, 'SIGTERM')
    await server.closed
  })
})
