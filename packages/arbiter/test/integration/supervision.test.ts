import { cp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { bootedPids, isAlive, temporaryDirectory } from '@tunicorn/harness'
import { describe, expect, it } from 'vitest'
import { ask, fixtures, runArbiter, servingAt } from '../support/run-arbiter.js'

/** Asks until another process answers than these. */
async function askAnother(url: string, known: readonly number[]): Promise<number> {
  for (;;) {
    const { pid } = await ask(url)
    if (!known.includes(pid)) return pid
  }
}

describe('a worker that dies', () => {
  it.each([
    ['exits', '/exit', /exited with code 7/],
    ['throws outside a request', '/throw-later', /Uncaught exception: the worker ends[\s\S]*thrown later/],
    ['leaves a rejection unhandled', '/reject', /Unhandled rejection: the worker ends[\s\S]*rejected/],
    ['is killed', '/kill', /was ended by SIGKILL, which the arbiter did not send/],
  ])('is replaced when it %s, and the log says why', async (_how, path, evidence) => {
    await using server = await runArbiter({ workers: 1 })
    const url = await servingAt(server)
    const { pid } = await ask(url)
    await ask(`${url}${path}`).catch(() => undefined)
    await server.waitForOutput(evidence)
    const successor = await askAnother(url, [pid])
    expect(bootedPids(server)).toContain(successor)
    expect(isAlive(pid)).toBe(false)
    await server.stop()
  })

  it('is replaced when it is asked to end from outside, its successor first', async () => {
    await using server = await runArbiter({ workers: 1 })
    const url = await servingAt(server)
    const { pid } = await ask(url)
    process.kill(pid, 'SIGTERM')
    await server.waitForOutput(/Recycling worker: signal: SIGTERM/)
    await askAnother(url, [pid])
    await server.waitForOutput(new RegExp(`Worker exiting \\(pid: ${pid}\\): it exited with code 0`))
    await server.stop()
  })
})

describe('a worker that is silent', () => {
  it('is logged with the function that blocks it and the request, then killed and replaced', async () => {
    await using server = await runArbiter({ workers: 2, timeout: 2 })
    const url = await servingAt(server)
    const cut = ask(`${url}/block`).catch((error: unknown) => error)
    await server.waitForOutput(/WORKER TIMEOUT/)
    expect(await cut).toBeInstanceOf(Error)
    expect(server.output).toMatch(/The event loop is blocked .*requests="GET \/block/)
    expect(server.output).toMatch(/at spinForEver \(.*app\.mjs:\d+:\d+\)/)
    expect((await ask(url)).pid).toBeGreaterThan(0)
    await server.stop()
  })

  it('is described by the kernel when it is blocked in native code', async () => {
    // On a busy machine, the half of 2 s is too short for the description.
    await using server = await runArbiter({ workers: 1, timeout: 4 })
    const url = await servingAt(server)
    const cut = ask(`${url}/block-native`).catch((error: unknown) => error)
    await server.waitForOutput(/blocked in native code/)
    await server.waitForOutput(/WORKER TIMEOUT/)
    expect(await cut).toBeInstanceOf(Error)
    await server.stop()
  })

  it('is not killed because the arbiter itself was stopped', async () => {
    await using server = await runArbiter({ workers: 1, timeout: 1 })
    const url = await servingAt(server)
    const { pid } = await ask(url)
    server.signal('SIGSTOP')
    // Several times its timeout is what the test is about, and a process that is stopped gives no sign.
    await new Promise(resolve => setTimeout(resolve, 4_000))
    server.signal('SIGCONT')
    await server.waitForOutput(/The arbiter was not running for a while/)
    expect((await ask(url)).pid).toBe(pid)
    expect(server.output).not.toContain('WORKER TIMEOUT')
    await server.stop()
  })
})

describe('a worker that is hostile', () => {
  it.each([
    ['closes its channel', '/close', /The arbiter is gone/],
    ['sends garbage', '/garbage', /it sent something that is not a message/],
    ['sends a message without an end', '/long-message', /it sent a message that is too long/],
    ['floods its channel', '/flood', /it flooded its channel/],
  ])('is replaced when it %s, and the arbiter goes on', async (_how, path, evidence) => {
    await using server = await runArbiter({ workers: 2 })
    const url = await servingAt(server)
    const hit = ask(`${url}${path}`).catch(() => undefined)
    await server.waitForOutput(evidence)
    await hit
    await server.waitForOutput(/Booting worker[\s\S]*Booting worker[\s\S]*Booting worker/)
    expect((await ask(url)).pid).toBeGreaterThan(0)
    expect((await server.stop()).code).toBe(0)
  })
})

describe('a worker whose app ends the process', () => {
  it('is logged with the requests that it had in its hands', async () => {
    await using server = await runArbiter({ workers: 1 })
    await expect(ask(`${await servingAt(server)}/exit`)).rejects.toThrow()
    await server.waitForOutput(/ERROR: The app ended its process with code 7 in the middle of GET \/exit /)
    await server.waitForOutput(/Worker exiting .* exited with code 7/)
    expect((await server.stop()).code).toBe(0)
  })
})

describe('what a worker leaves behind', () => {
  it('ends with it, when the worker is killed', async () => {
    await using server = await runArbiter({ workers: 1 })
    const url = await servingAt(server)
    const { pid } = await ask(`${url}/child`)
    const [, child = ''] = await server.waitForOutput(/child (\d+)/)
    process.kill(pid, 'SIGKILL')
    await server.waitForOutput(new RegExp(`Worker exiting \\(pid: ${pid}\\)`))
    await askAnother(url, [pid])
    await expect.poll(() => isAlive(Number(child))).toBe(false)
    await server.stop()
  })

  it('ends with it, when the server stops', async () => {
    await using server = await runArbiter({ workers: 1 })
    const url = await servingAt(server)
    await ask(`${url}/child`)
    const [, child = ''] = await server.waitForOutput(/child (\d+)/)
    expect((await server.stop()).code).toBe(0)
    await expect.poll(() => isAlive(Number(child))).toBe(false)
  })

  it('cannot be a worker that ignores signals', async () => {
    await using server = await runArbiter({ workers: 1 })
    const url = await servingAt(server)
    await ask(`${url}/ignore-signals`)
    expect((await server.stop('SIGTERM')).code).toBe(0)
    await expect.poll(() => bootedPids(server).filter(isAlive)).toEqual([])
  })
})

describe('the arbiter that is killed', () => {
  it('takes its workers with it, also one whose loop is blocked', async () => {
    await using server = await runArbiter({ workers: 2 })
    const url = await servingAt(server)
    const cut = ask(`${url}/block`).catch((error: unknown) => error)
    await server.waitForOutput(/spinning/)
    await server.stop('SIGKILL', 2_500)
    expect(await cut).toBeInstanceOf(Error)
    await expect(ask(url)).rejects.toThrow()
    await expect.poll(() => bootedPids(server).filter(isAlive)).toEqual([])
  })
})

describe('signals', () => {
  it('adds a worker on TTIN and takes one away on TTOU, but not the last', async () => {
    await using server = await runArbiter({ workers: 1 })
    const url = await servingAt(server)
    const { pid } = await ask(url)
    server.signal('SIGTTIN')
    await server.waitForOutput(/Handling signal: ttin[\s\S]*Booting worker/)
    await askAnother(url, [pid])
    server.signal('SIGTTOU')
    await server.waitForOutput(/Handling signal: ttou[\s\S]*Worker exiting/)
    server.signal('SIGTTOU')
    await server.waitForOutput(/Handling signal: ttou[\s\S]*Handling signal: ttou/)
    expect((await ask(url)).pid).toBeGreaterThan(0)
    await server.stop()
  })

  it('replaces every worker on HUP, with the code that is on disk', async () => {
    await using directory = await temporaryDirectory()
    await cp(fixtures, directory.path, { recursive: true })
    await using server = await runArbiter({ chdir: directory.path })
    const url = await servingAt(server)
    const old = bootedPids(server)
    const code = await readFile(`${directory.path}/app.mjs`, 'utf8')
    await writeFile(`${directory.path}/app.mjs`, code.replace('process.env.FLAVOUR', "'new'"))
    server.signal('SIGHUP')
    await server.waitForOutput(/Reload done/)
    const answer = await ask(url)
    expect(answer.env).toBe('new')
    expect(old).not.toContain(answer.pid)
    await server.stop()
  })

  it('follows a symbolic link to the release that it names at the reload', async () => {
    await using directory = await temporaryDirectory()
    for (const release of ['one', 'two']) {
      await cp(fixtures, `${directory.path}/${release}`, { recursive: true })
      const path = `${directory.path}/${release}/app.mjs`
      await writeFile(path, (await readFile(path, 'utf8')).replace('process.env.FLAVOUR', `'${release}'`))
    }
    const current = `${directory.path}/current`
    await symlink('one', current)
    await using server = await runArbiter({ chdir: current })
    const url = await servingAt(server)
    expect((await ask(url)).env).toBe('one')
    await rm(current)
    await symlink('two', current)
    server.signal('SIGHUP')
    await server.waitForOutput(/Reload done/)
    expect((await ask(url)).env).toBe('two')
    await server.stop()
  })

  it.each([
    ['a syntax error', 'export default (req, res => {', 'SyntaxError'],
    ['an import that throws', "throw new Error('broken release')", 'broken release'],
    ['no app', 'export const other = 1', 'exports neither'],
    ['a boot that hangs', 'setInterval(() => {}, 1_000)\nawait new Promise(() => {})', 'boot timeout'],
    ['a boot that ends the process', 'process.exit(9)', 'exited with code 9'],
  ])('keeps the running generation when the new code has %s', async (_what, code, reason) => {
    await using directory = await temporaryDirectory()
    await cp(fixtures, directory.path, { recursive: true })
    await using server = await runArbiter({
      chdir: directory.path,
      bootTimeout: reason === 'boot timeout' ? 3 : 30,
    })
    const url = await servingAt(server)
    // On a machine that is busy a worker may have been too late, and another in its place.
    const old = bootedPids(server).filter(isAlive)
    expect(old).not.toHaveLength(0)
    await writeFile(`${directory.path}/app.mjs`, code)
    server.signal('SIGHUP')
    await server.waitForOutput(/Reload failed: The running generation is kept/)
    expect(server.output).toContain(reason)
    expect(old).toContain((await ask(url)).pid)
    expect(old.every(isAlive)).toBe(true)
    await server.stop()
  })
})
