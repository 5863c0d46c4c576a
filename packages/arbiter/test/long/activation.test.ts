import { stat } from 'node:fs/promises'
import { isAlive, type RunningProcess, Successors, temporaryDirectory } from '@tunicorn/harness'
import { describe, expect, it } from 'vitest'
import { bindTcp, bindUnix, type PassedSocket } from '../support/passed-socket.js'
import { askWho, startArbiter } from '../support/start-arbiter.js'

interface Passing {
  readonly settings?: Readonly<Record<string, unknown>>
  readonly names?: string
}

/** Starts the arbiter with these sockets as systemd passes them. */
function activate(
  sockets: readonly PassedSocket[],
  { settings = {}, names }: Passing = {},
): Promise<RunningProcess> {
  return startArbiter({
    settings,
    fds: sockets.map(({ fd }) => fd),
    prologue: 'LISTEN_PID=$$; export LISTEN_PID;',
    env: { LISTEN_FDS: String(sockets.length), ...(names !== undefined && { LISTEN_FDNAMES: names }) },
  })
}

/** Other kernels do not tell the path of a socket. */
const onLinux = (name: string, run: () => Promise<void>): void => {
  if (process.platform === 'linux') it(name, run)
}

describe('sockets that systemd passes', () => {
  it('are served in place of the default address, and no worker sees the variables', async () => {
    await using directory = await temporaryDirectory()
    using tcp = bindTcp()
    using unix = bindUnix(`${directory.path}/app.sock`)
    await using server = await activate([tcp, unix])
    await server.waitForOutput(/^serving/m)
    expect(server.output).toContain(`Listening at: ${tcp.url} (${server.pid})`)
    expect(server.output).not.toContain(':8000')
    for (const { url } of [tcp, unix]) expect((await askWho(url)).variables).toEqual([])
    expect((await server.stop()).code).toBe(0)
  })

  onLinux('are named by the path that the kernel knows', async () => {
    await using directory = await temporaryDirectory()
    using unix = bindUnix(`${directory.path}/app.sock`)
    await using server = await activate([unix])
    await server.waitForOutput(/^serving/m)
    expect(server.output).toContain(`Listening at: ${unix.url} (${server.pid})`)
    await server.stop()
  })

  it.each(['SIGTERM', 'SIGINT'] as const)('keep their path when the server ends on %s', async signal => {
    await using directory = await temporaryDirectory()
    const path = `${directory.path}/app.sock`
    using unix = bindUnix(path)
    await using server = await activate([unix])
    await server.waitForOutput(/^serving/m)
    await server.stop(signal)
    expect((await stat(path)).isSocket()).toBe(true)
    await using successor = await activate([unix])
    await successor.waitForOutput(/^serving/m)
    expect((await askWho(unix.url)).pid).toBeGreaterThan(0)
    await successor.stop()
  })

  it('take the place of a `bind` that was set, which the log says', async () => {
    using tcp = bindTcp()
    await using server = await activate([tcp], { settings: { bind: '127.0.0.1:1' } })
    await server.waitForOutput(/^serving/m)
    expect(server.output).toMatch(/WARN.*`bind` \(127\.0\.0\.1:1\) of group default is ignored/)
    expect((await askWho(tcp.url)).pid).toBeGreaterThan(0)
    await server.stop()
  })

  it('go to the groups that they are named after', async () => {
    using web = bindTcp()
    using api = bindTcp()
    const settings = { groups: { web: { workers: 1 }, api: { workers: 1 } } }
    await using server = await activate([api, web], { settings, names: 'api:web' })
    await server.waitForOutput(/^serving/m)
    const booted = new Map(
      [...server.output.matchAll(/Booting worker with pid: (\d+) group=(\w+)/g)].map(match => [
        match[2],
        Number(match[1]),
      ]),
    )
    expect((await askWho(web.url)).pid).toBe(booted.get('web'))
    expect((await askWho(api.url)).pid).toBe(booted.get('api'))
    await server.stop()
  })

  it('end the start with what to do when they fit no group', async () => {
    using tcp = bindTcp()
    const settings = { groups: { web: {}, api: {} } }
    await using server = await activate([tcp], { settings, names: 'web' })
    expect((await server.exited).code).toBe(1)
    expect(server.output).toContain('BIND_FAILED: The sockets that systemd has passed do not fit the groups')
    expect(server.output).toContain('group `api` has no socket')
  })

  it('end the start when one of them is no socket', async () => {
    await using server = await startArbiter({
      prologue: 'LISTEN_PID=$$; LISTEN_FDS=1; export LISTEN_PID LISTEN_FDS; exec 3</dev/null;',
    })
    expect((await server.exited).code).toBe(1)
    expect(server.output).toContain('BIND_FAILED: Cannot use fd://3')
  })

  it('are not touched when they are meant for another process', async () => {
    using tcp = bindTcp()
    await using server = await startArbiter({
      settings: { bind: '127.0.0.1:0' },
      fds: [tcp.fd],
      env: { LISTEN_FDS: '1', LISTEN_PID: '1' },
    })
    await server.waitForOutput(/^serving/m)
    expect(server.output).not.toContain(tcp.url)
    await server.stop()
  })

  it('are kept by reloads and by upgrades, twice in a row', async () => {
    await using directory = await temporaryDirectory()
    const path = `${directory.path}/app.sock`
    using tcp = bindTcp()
    using unix = bindUnix(path)
    await using server = await activate([tcp, unix], { names: 'a:b' })
    using successors = new Successors(server)
    await server.waitForOutput(/^serving/m)
    server.signal('SIGHUP')
    await server.waitForOutput(/Reload done/)
    let arbiter = server.pid
    for (let round = 0; round < 2; round += 1) {
      arbiter = await successors.upgrade()
      for (const { url } of [tcp, unix]) expect((await askWho(url)).variables).toEqual([])
    }
    process.kill(arbiter, 'SIGHUP')
    await server.waitForOutput(/(Reload done[\s\S]*){2}/)
    expect((await askWho(tcp.url)).pid).toBeGreaterThan(0)
    process.kill(arbiter, 'SIGTERM')
    await server.closed
    // The end of its output comes a moment before its own.
    await expect.poll(() => isAlive(arbiter)).toBe(false)
    expect((await stat(path)).isSocket()).toBe(true)
    expect(server.output).not.toContain(':8000')
  })
})
