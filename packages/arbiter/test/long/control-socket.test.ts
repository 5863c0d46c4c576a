import { chmod, mkdir, readdir, rename, stat, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { ControlClient, findServers } from '@tunicorn/arbiter/control'
import { bootedPids, Successors, temporaryDirectory } from '@tunicorn/harness'
import { describe, expect, it } from 'vitest'
import { controlHome, controlledArbiter } from '../support/controlled-arbiter.js'
import { startArbiter } from '../support/start-arbiter.js'

const plain = { app: './app.mjs', bind: '127.0.0.1:0', workers: 1 }

async function modeOf(path: string): Promise<string> {
  return ((await stat(path)).mode & 0o777).toString(8)
}

/** Leaves a socket behind, as a process does that is killed. */
async function leaveSocket(path: string): Promise<void> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(`${path}.alive`, resolve))
  await rename(`${path}.alive`, path)
  await new Promise(resolve => server.close(resolve))
}

describe('the control socket', () => {
  it('is private to its user, whatever the umask', async () => {
    await using arbiter = await controlledArbiter({ settings: { workers: 1, umask: 0 } })
    const { client, env } = arbiter
    expect(await modeOf(client.path)).toBe('600')
    expect(await modeOf(`${env.XDG_RUNTIME_DIR}/tunicorn`)).toBe('700')
  })

  it('is in the directory for temporary files where there is no runtime directory', async () => {
    await using home = await controlHome()
    const env = { ...home.env, XDG_RUNTIME_DIR: `${home.path}/missing` }
    await using server = await startArbiter({ settings: plain, env })
    await server.waitForOutput(/^serving/m)
    const path = `${env.TMPDIR}/tunicorn-${process.geteuid?.()}/${server.pid}.sock`
    expect((await new ControlClient(path).status()).arbiter.pid).toBe(server.pid)
  })

  it('is made private again when its directory was open to others', async () => {
    await using home = await controlHome()
    await mkdir(`${home.env.XDG_RUNTIME_DIR}/tunicorn`)
    await chmod(`${home.env.XDG_RUNTIME_DIR}/tunicorn`, 0o777)
    await using server = await startArbiter({ settings: plain, env: home.env })
    await server.waitForOutput(/^serving/m)
    expect(await modeOf(`${home.env.XDG_RUNTIME_DIR}/tunicorn`)).toBe('700')
  })

  it('is never behind a link that somebody has put there', async () => {
    await using home = await controlHome()
    const { TMPDIR: tmp } = home.env
    await mkdir(`${home.path}/elsewhere`)
    await symlink(`${home.path}/elsewhere`, `${tmp}/tunicorn-${process.geteuid?.()}`)
    await using server = await startArbiter({
      settings: plain,
      env: { ...home.env, XDG_RUNTIME_DIR: `${home.path}/missing` },
    })
    await server.waitForOutput(/There is no control socket, .* is not a directory/)
    await server.waitForOutput(/^serving/m)
    expect(await readdir(`${home.path}/elsewhere`)).toEqual([])
  })

  it('is done without, with a warning, when its path cannot be had', async () => {
    await using directory = await temporaryDirectory()
    await writeFile(`${directory.path}/file`, 'not a socket')
    const paths = [
      [`${directory.path}/missing/control.sock`, /does not exist/],
      [`${directory.path}/${'long'.repeat(30)}.sock`, /may have 10\d/],
      [`${directory.path}/file`, /is not a socket/],
    ] as const
    for (const [control, why] of paths) {
      await using server = await startArbiter({ settings: { ...plain, control } })
      const [line] = await server.waitForOutput(/There is no control socket.*/)
      expect(line).toMatch(why)
      await server.waitForOutput(/^serving/m)
      expect(await server.stop()).toEqual({ code: 0, signal: null })
    }
  })

  it('is not there when it is off, nor in an embedded arbiter that was not told to have one', async () => {
    await using home = await controlHome()
    await using off = await startArbiter({ settings: { ...plain, control: 'off' }, env: home.env })
    await off.waitForOutput(/^serving/m)
    await using embedded = await startArbiter({ settings: plain, env: home.env, runner: 'run-embedded.mjs' })
    await embedded.waitForOutput(/^serving/m)
    expect(await readdir(home.env.XDG_RUNTIME_DIR)).toEqual([])
    expect(off.output + embedded.output).not.toContain('control socket')
  })

  it('is at the path that was asked for, and goes on to the successor of an upgrade, which knows the past', async () => {
    await using home = await controlHome()
    const control = `${home.path}/control.sock`
    await using server = await startArbiter({ settings: { ...plain, control }, env: home.env })
    using successors = new Successors(server)
    await server.waitForOutput(/^serving/m)
    const client = new ControlClient(control)
    expect((await client.status()).arbiter.pid).toBe(server.pid)
    const [victim] = bootedPids(server)
    if (victim === undefined) throw new Error('no worker has booted')
    process.kill(victim, 'SIGKILL')
    const exitsOf = async () => (await client.status()).groups[0]?.exits ?? []
    await expect.poll(exitsOf).toMatchObject([{ pid: victim, isOrderly: false }])
    await client.reload({ wait: true })
    const successor = await successors.upgrade()
    await expect.poll(() => client.status().then(({ arbiter }) => arbiter.pid, String)).toBe(successor)
    expect(await exitsOf()).toContainEqual(expect.objectContaining({ pid: victim, isOrderly: false }))
    expect((await client.status()).arbiter.lastReload).toMatchObject({ result: 'done' })
    await client.stop({ wait: true })
    await expect.poll(() => readdir(home.path)).not.toContain('control.sock')
  })
})

describe('servers', () => {
  it('are found by their user, also while one is upgraded', async () => {
    await using home = await controlHome()
    expect(await findServers(home.env)).toEqual([])
    await using one = await startArbiter({ settings: plain, env: home.env })
    await using other = await startArbiter({ settings: plain, env: home.env })
    using successors = new Successors(one)
    for (const server of [one, other]) await server.waitForOutput(/^serving/m)
    const found = await findServers(home.env)
    expect(found.map(({ pid }) => pid)).toEqual([one.pid, other.pid].sort((a, b) => a - b))
    expect(found.map(({ status }) => status?.arbiter.pid)).toEqual(found.map(({ pid }) => pid))
    const successor = await successors.upgrade()
    await expect
      .poll(async () => (await findServers(home.env)).map(({ pid }) => pid))
      .toEqual([successor, other.pid].sort((a, b) => a - b))
  })

  it('that were killed are not found, and what they left is cleared away', async () => {
    await using home = await controlHome()
    await using server = await startArbiter({ settings: plain, env: home.env })
    await server.waitForOutput(/^serving/m)
    server.signal('SIGKILL')
    await server.closed
    const folder = `${home.env.XDG_RUNTIME_DIR}/tunicorn`
    expect(await readdir(folder)).toEqual([`${server.pid}.sock`])
    expect(await findServers(home.env)).toEqual([])
    expect(await readdir(folder)).toEqual([])
  })

  it('clear away what others have left when they start', async () => {
    await using home = await controlHome()
    const folder = `${home.env.XDG_RUNTIME_DIR}/tunicorn`
    await mkdir(folder, { mode: 0o700 })
    // A process id that Linux never gives.
    await leaveSocket(`${folder}/4194999.sock`)
    await using server = await startArbiter({ settings: plain, env: home.env })
    await server.waitForOutput(/^serving/m)
    await expect.poll(() => readdir(folder)).toEqual([`${server.pid}.sock`])
  })

  it('that are stopped in their tracks are found, without a status', async () => {
    await using home = await controlHome()
    await using server = await startArbiter({ settings: plain, env: home.env })
    await server.waitForOutput(/^serving/m)
    server.signal('SIGSTOP')
    const found = await findServers(home.env)
    server.signal('SIGCONT')
    expect(found).toEqual([{ path: expect.stringContaining(`${server.pid}.sock`), pid: server.pid }])
  })
})

describe('a client', () => {
  it('says what is wrong with a socket', async () => {
    await using directory = await temporaryDirectory()
    const at = (name: string): Promise<unknown> =>
      new ControlClient(`${directory.path}/${name}`).status().catch((error: unknown) => error)
    expect(await at('missing')).toMatchObject({ code: 'CONTROL_UNREACHABLE' })
    await leaveSocket(`${directory.path}/stale`)
    expect(await at('stale')).toMatchObject({ code: 'CONTROL_UNREACHABLE' })
    await writeFile(`${directory.path}/file`, '')
    expect(await at('file')).toMatchObject({ code: 'CONTROL_UNREACHABLE' })
    for (const [name, answer] of [
      ['text', 'hello\n'],
      ['html', 'HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\n<br>'],
      ['other', 'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{"api":2}'],
    ] as const) {
      const server = createServer(socket => socket.resume().end(answer))
      await new Promise<void>(resolve => server.listen(`${directory.path}/${name}`, resolve))
      expect(await at(name)).toMatchObject({ code: 'CONTROL_BAD_ANSWER' })
      await new Promise(resolve => server.close(resolve))
    }
  })
})
