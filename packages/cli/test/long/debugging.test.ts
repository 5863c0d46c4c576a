/** Workers under a debugger: `tunicorn --inspect`, `--inspect-brk` and `tunicorn ctl inspect`. */
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { createServer } from 'node:net'
import { ControlClient } from '@tunicorn/arbiter/control'
import { type RunningProcess, servingUrl, startTunicorn } from '@tunicorn/harness'
import { describe, expect, it } from 'vitest'
import { DebuggerClient } from '../integration/debugger.js'
import { createProject, type Ending, type Project, runToEnd } from '../integration/project.js'

const app = `import 'node:fs'
globalThis.loaded = true
export default (request, response) => {
  if (request.url === '/stop') debugger
  response.end(String(process.pid))
}
`

interface Rig extends AsyncDisposable {
  readonly project: Project
  readonly server: RunningProcess
  readonly client: ControlClient
  ctl(...args: readonly string[]): Promise<Ending>
}

async function rig(args: readonly string[], files: Readonly<Record<string, string>> = {}): Promise<Rig> {
  const project = await createProject({ 'app.mjs': app, ...files })
  const places = { XDG_RUNTIME_DIR: `${project.path}/run`, TMPDIR: `${project.path}/tmp` }
  await Promise.all([mkdir(places.XDG_RUNTIME_DIR), mkdir(places.TMPDIR)])
  const quick = ['--canary-seconds', '0', '--log-level', 'debug']
  const given = ['app.mjs', '-k', 'event-loop', '-b', '127.0.0.1:0', ...quick, ...args]
  const server = await startTunicorn({ args: given, cwd: project.path, env: places })
  await server.waitForOutput(/Control socket at/)
  return {
    project,
    server,
    client: new ControlClient(`${places.XDG_RUNTIME_DIR}/tunicorn/${server.pid}.sock`),
    ctl: (...words) => runToEnd(project, ['ctl', ...words], places),
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]()
      await project[Symbol.asyncDispose]()
    },
  }
}

const listensAt = /The inspector listens at (ws:\/\/127\.0\.0\.1:(\d+)\/\S+)\. Attach with chrome:\/\/inspect/

async function textOf(url: string): Promise<string> {
  return (await fetch(url, { headers: { connection: 'close' } })).text()
}

async function takePort(): Promise<{ readonly port: number } & AsyncDisposable> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('It listens at a port')
  return { port: address.port, [Symbol.asyncDispose]: async () => void server.close() }
}

/** A port that is free. */
async function freePort(): Promise<number> {
  await using taken = await takePort()
  return taken.port
}

describe('`tunicorn --inspect`', () => {
  it('serves with one worker that nothing ends while a debugger has paused it, and a reload brings the inspector to the next', async () => {
    const port = await freePort()
    await using it = await rig([`--inspect=${port}`, '-w', '3', '-t', '1', '--max-requests', '2'])
    const [, inspector = '', shown] = await it.server.waitForOutput(listensAt)
    expect(Number(shown)).toBe(port)
    const url = await servingUrl(it.server)
    const [group] = (await it.client.status()).groups
    expect(group?.workers.map(({ age }) => age)).toEqual([1])
    {
      await using debug = await DebuggerClient.attach(inspector)
      const paused = debug.paused()
      const answer = textOf(`${url}/stop`)
      expect(await paused).toMatchObject({ url: expect.stringMatching(/app\.mjs$/), line: 4 })
      const pid = group?.workers[0]?.pid
      // Several times the timeout that was asked for; the control API goes on meanwhile.
      const until = Date.now() + 2_500
      while (Date.now() < until) expect((await it.client.status()).groups[0]?.workers[0]?.pid).toBe(pid)
      debug.send('Debugger.resume')
      expect(await answer).toBe(String(pid))
      for (let count = 0; count < 4; count += 1) expect(await textOf(url)).toBe(String(pid))
      await it.client.reload({ wait: true })
      expect(await textOf(url)).not.toBe(String(pid))
    }
    const second = new RegExp(
      `listens at (ws://127\\.0\\.0\\.1:${port}/(?!${inspector.split('/').at(-1)})\\S+)\\.`,
    )
    const [, next = ''] = await it.server.waitForOutput(second)
    await using debug = await DebuggerClient.attach(next)
    expect(debug.isAttached).toBe(true)
    // A debugger that is still attached does not keep the worker from ending.
    await it.server.stop()
    expect(it.server.output).not.toMatch(/WORKER TIMEOUT|Killing|Recycling/)
  })

  it('refuses a port that is in use, and a configured host that others reach, in plain words', async () => {
    await using taken = await takePort()
    await using project = await createProject({
      'open.config.json': JSON.stringify({ inspect: '0.0.0.0:9229', app: './app.mjs' }),
    })
    const start = ['app.mjs', '-k', 'event-loop', '-b', '127.0.0.1:0']
    const inUse = await runToEnd(project, [...start, `--inspect=${taken.port}`])
    expect(inUse.output).toMatch(
      new RegExp(
        `The inspector cannot be opened: 127\\.0\\.0\\.1:${taken.port} is in use\\. Name another port`,
      ),
    )
    expect(inUse.code).not.toBe(0)
    const open = await runToEnd(project, ['-c', 'open.config.json', '--check-config'])
    expect(open.output).toMatch(
      /Expected `inspect` to be a loopback address, got `0\.0\.0\.0:9229`, from open\.config/,
    )
    expect(open.code).not.toBe(0)
    const typed = await runToEnd(project, [...start, '--inspect-brk=0.0.0.0:9229', '--print-config'])
    expect(typed.output).toMatch(
      /warning: The inspector at 0\.0\.0\.0:9229 can be reached from other machines/,
    )
    expect(typed.output).toMatch(/^workers += 1 +\(debugging\)$/m)
    const wrong = await runToEnd(project, [...start, '--inspect=99999'])
    expect(wrong.output).toMatch(/Expected `inspect` to be PORT, HOST:PORT or "off", got .*99999/)
  })
})

describe('`tunicorn --inspect-brk`', () => {
  it('loads the app once a debugger is there, and pauses where it begins', async () => {
    await using it = await rig(['--inspect-brk=0', '--boot-timeout', '1'])
    const [, inspector = ''] = await it.server.waitForOutput(listensAt)
    await it.server.waitForOutput(/Waiting for a debugger/)
    expect((await it.client.status()).groups[0]?.workers[0]?.state).toBe('booting')
    await using debug = await DebuggerClient.attach(inspector)
    const paused = debug.paused()
    debug.ready()
    expect(await paused).toMatchObject({ url: expect.stringMatching(/app\.mjs$/), line: 2 })
    debug.send('Debugger.resume')
    expect(await textOf(await servingUrl(it.server))).toMatch(/^\d+$/)
  })

  it('is no part of a check of the configuration', async () => {
    await using project = await createProject({ 'app.mjs': app })
    const args = ['app.mjs', '-k', 'event-loop', '-b', '127.0.0.1:0', '--inspect-brk', '--check-config']
    expect(await runToEnd(project, args)).toMatchObject({ code: 0 })
  })
})

describe('`tunicorn ctl inspect`', () => {
  it('opens the inspector of a living worker, which is not killed while it is paused, and closes it', async () => {
    await using it = await rig(['-t', '1'])
    const url = await servingUrl(it.server)
    const { code, output } = await it.ctl('inspect', '1')
    const [, inspector = '', port = ''] =
      /the inspector listens at (ws:\/\/127\.0\.0\.1:(\d+)\/\S+)$/m.exec(output) ?? []
    expect(output).toContain(`node inspect 127.0.0.1:${port}`)
    expect(code).toBe(0)
    // Once more is the same.
    expect((await it.client.inspect({ worker: 1 })).url).toBe(inspector)
    const pid = (await it.client.status()).groups[0]?.workers[0]?.pid
    {
      await using debug = await DebuggerClient.attach(inspector)
      const paused = debug.paused()
      const answer = textOf(`${url}/stop`)
      await paused
      await it.server.waitForOutput(/A debugger has paused this worker/)
      // Twice the timeout later it is still there.
      const until = Date.now() + 2_000
      while (Date.now() < until) expect((await it.client.status()).groups[0]?.workers[0]?.pid).toBe(pid)
      debug.send('Debugger.resume')
      expect(await answer).toBe(String(pid))
    }
    expect((await it.ctl('inspect', '1', '--close')).output).toMatch(
      /^worker 1 \(pid \d+\): the inspector is closed$/m,
    )
    await expect(DebuggerClient.attach(inspector)).rejects.toThrow('ECONNREFUSED')
    expect(it.server.output).not.toMatch(/WORKER TIMEOUT|Killing/)
  })

  it('says what is wrong: a port in use, no such worker, one that ends after its next request', async () => {
    await using taken = await takePort()
    await using it = await rig(['--max-requests', '1'])
    const inUse = await it.ctl('inspect', '1', '--port', String(taken.port))
    expect(inUse.output).toMatch(
      new RegExp(
        `^tunicorn: Worker 1 could not do that with its inspector: 127\\.0\\.0\\.1:${taken.port} is in use$`,
        'm',
      ),
    )
    expect(inUse.code).toBe(1)
    expect((await it.ctl('inspect', '77')).output).toMatch(/^tunicorn: There is no worker of age or pid 77/m)
    expect((await it.ctl('inspect', '1', '--port', '70000')).output).toMatch(
      /--port is from 0 to 65535, got "70000"/,
    )
    expect((await it.ctl('inspect', '1')).output).toMatch(
      /^The worker ends after 1 more request \(maxRequests\)/m,
    )
  })
})
