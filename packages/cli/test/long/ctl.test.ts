/** `tunicorn ctl` against real servers, as a person uses it. */
import { spawnSync } from 'node:child_process'
import { chmod, rm, writeFile } from 'node:fs/promises'
import {
  listeningUrl,
  startProcess,
  startTunicorn,
  startTunicornInTerminal,
  testNode,
  tunicornMain,
} from '@tunicorn/harness'
import { describe, expect, it } from 'vitest'
import type { Ending } from '../integration/project.js'
import { rig } from '../integration/rig.js'

const escapeCodes = '\u001b['

describe('`tunicorn ctl events`', () => {
  it('tells what was, and with --follow what happens until the server has stopped', async () => {
    await using it = await rig()
    const server = await it.serve('-w', '1')
    await using following = await startTunicorn({
      args: ['ctl', 'events', '--follow'],
      cwd: it.project.path,
      env: it.env,
    })
    await using json = await startTunicorn({
      args: ['ctl', 'events', '--follow', '--json'],
      cwd: it.project.path,
      env: it.env,
    })
    // Nothing has happened yet that could show that they are there.
    await it.ctl('scale', '2', '--wait')
    while (!(following.output.includes(' 2 workers') && json.output.includes('"target"'))) {
      await it.ctl('scale', '1')
      await it.ctl('scale', '2', '--wait')
    }
    await it.ctl('reload', '--wait')
    await following.waitForOutput(/^\d{4}-\S+Z {2}a reload is done: generation 1 serves$/m)
    await following.waitForOutput(/worker \d+ \(pid \d+, default\) exited with code 0 \(a new generation/)
    const past = await it.ctl('events')
    expect(past.code).toBe(0)
    const times = past.output
      .trimEnd()
      .split('\n')
      .map(line => line.split('  ')[0])
    expect(times).toEqual(times.toSorted())
    expect(past.output).toMatch(/a reload is done: generation 1 serves/)
    expect(past.output).toMatch(/exited with code 0 \(a new generation has taken over\)/)
    await server.stop()
    expect(await following.exited).toEqual({ code: 0, signal: null })
    expect(following.output).toMatch(/the server is stopped\n$/)
    const last: unknown = JSON.parse(json.output.trimEnd().split('\n').at(-1) ?? '')
    expect(last).toMatchObject({ type: 'arbiter', state: 'stopped' })
  })
})

describe('`tunicorn ctl status`', () => {
  it('shows the only server of this user, without colours where it is piped', async () => {
    await using it = await rig()
    const server = await it.serve('-w', '2')
    const { code, output } = await it.ctl('status')
    expect(code).toBe(0)
    expect(output).toMatch(new RegExp(`^tunicorn \\S+ {2}pid ${server.pid} {2}serving {2}generation 0`))
    expect(output).toContain(`default  2/2 serving  event-loop  app.mjs  ${await listeningUrl(server)}`)
    expect(output.match(/^ +\d+ +\d+ +0 {2}serving/gm)).toHaveLength(2)
    expect(output).not.toContain(escapeCodes)
  })

  it('prints the answer of the server as JSON', async () => {
    await using it = await rig()
    const server = await it.serve()
    const { code, output } = await it.ctl('status', '--json')
    expect(code).toBe(0)
    expect(JSON.parse(output)).toMatchObject({
      api: 1,
      arbiter: { pid: server.pid },
      groups: [{ target: 1 }],
    })
  })

  it('has colours on a terminal unless they are not wanted, and names the longest request', async () => {
    await using it = await rig()
    const server = await it.serve()
    void fetch(`${await listeningUrl(server)}/slow`).catch(() => {})
    const show = async (env: Readonly<Record<string, string>>): Promise<string> => {
      await using terminal = await startTunicornInTerminal({
        args: ['ctl', 'status'],
        cwd: it.project.path,
        env: { ...it.env, ...env },
      })
      expect((await terminal.closed).code, terminal.output).toBe(0)
      return terminal.output
    }
    await expect.poll(() => show({ NO_COLOR: '1' })).toMatch(/^ +\d+ (ms|s) {2}GET \/slow\r$/m)
    expect(await show({ NO_COLOR: '1' })).not.toContain(escapeCodes)
    expect(await show({})).toContain(escapeCodes)
  })
})

describe('`tunicorn ctl reload`', () => {
  it('begins, and with --wait tells what happens until the new workers serve', async () => {
    await using it = await rig()
    await it.serve()
    expect(await it.ctl('reload')).toMatchObject({ code: 0, output: expect.stringContaining('has begun') })
    const { code, output } = await it.ctl('reload', '--wait')
    expect(code).toBe(0)
    expect(output).toMatch(/^Reloading$/m)
    expect(output).toMatch(/^ {2}worker \d+ \(generation \d, pid \d+, default\): serving$/m)
    expect(output).toMatch(/^Reload done: generation \d serves, after /m)
  })

  it('ends with 1 and the reason when the old workers were kept, which the status then shows', async () => {
    await using it = await rig()
    await it.serve()
    await writeFile(`${it.project.path}/broken`, '')
    const { code, output } = await it.ctl('reload', '--wait')
    expect(code).toBe(1)
    expect(output).toMatch(/^tunicorn: Reload failed\. The running generation is kept: .*broken on purpose$/m)
    const { output: status } = await it.ctl('status')
    expect(status).toMatch(/^last reload FAILED .* ago: .*broken on purpose/m)
    expect(status).toMatch(/1\/1 serving/)
    await rm(`${it.project.path}/broken`)
    expect((await it.ctl('reload', '--wait')).code).toBe(0)
  })
})

describe('`tunicorn ctl scale`', () => {
  it('changes the only group, or the one that is named', async () => {
    await using it = await rig()
    await it.serve()
    expect(await it.ctl('scale', '+1', '--wait')).toEqual({
      code: 0,
      output: 'default: 2 workers (before: 1)\n',
    })
    expect(await it.ctl('scale', 'default', '-1')).toEqual({
      code: 0,
      output: 'default: 1 worker (before: 2)\n',
    })
    expect(await it.ctl('scale', 'default', '-1')).toEqual({
      code: 0,
      output: 'default: 1 worker (as before)\n',
    })
    expect(await it.ctl('scale', 'wbe', '+1')).toEqual({
      code: 1,
      output: 'tunicorn: There is no group "wbe"; there are: default\n',
    })
  })

  it('ends with 1 when the new worker does not become ready', async () => {
    await using it = await rig()
    await it.serve()
    await writeFile(`${it.project.path}/broken`, '')
    const { code, output } = await it.ctl('scale', '+1', '--wait')
    expect(code).toBe(1)
    expect(output).toMatch(/^tunicorn: A worker of the group default did not become ready/)
  })
})

describe('`tunicorn ctl stop`', () => {
  it('is done with --wait when the server has ended', async () => {
    await using it = await rig()
    const server = await it.serve()
    expect(await it.ctl('stop', '--wait')).toMatchObject({
      code: 0,
      output: expect.stringContaining('has stopped'),
    })
    expect(await server.exited).toEqual({ code: 0, signal: null })
    expect((await it.ctl('status')).output).toMatch(/^tunicorn: No server of yours is running/)
  })
})

describe('`tunicorn ctl` that cannot do what it is asked', () => {
  /** One line, and exit code 1. */
  const expectRefusal = ({ code, output }: Ending, message: RegExp): void => {
    expect(output).toMatch(message)
    expect(output.match(/\n/g)).toHaveLength(1)
    expect(output).toMatch(/^tunicorn: /)
    expect(code).toBe(1)
  }

  it('says that no server runs', async () => {
    await using it = await rig()
    expectRefusal(await it.ctl('status'), /No server of yours is running.*--control PATH/)
  })

  it('lists the servers when there are several', async () => {
    await using it = await rig()
    const servers = [await it.serve(), await it.serve()]
    const { code, output } = await it.ctl('status')
    expect(code).toBe(1)
    expect(output).toMatch(/^tunicorn: 2 servers of yours are running\. Choose one:$/m)
    for (const server of servers) {
      const [, path = ''] =
        new RegExp(`--control (\\S+) +\\(pid ${server.pid}: app.mjs at http`).exec(output) ?? []
      expect((await it.ctl('status', '--control', path)).output).toContain(`pid ${server.pid} `)
    }
  })

  it('says what is wrong with a socket', async () => {
    await using it = await rig()
    const { path } = it.project
    await it.serve('--bind', `unix:${path}/app.sock`)
    await writeFile(`${path}/file`, '')
    const at = (name: string): Promise<Ending> => it.ctl('status', '--control', `${path}/${name}`)
    expectRefusal(await at('missing.sock'), /There is no control socket at .*missing\.sock$/m)
    expectRefusal(await at('file'), /No server answers at .*file$/m)
    expectRefusal(await at('app.sock'), /What answers at .*app\.sock is not the control socket/)
  })

  it('says that the socket belongs to somebody else', async () => {
    await using it = await rig()
    await it.serve('--control', `${it.project.path}/private.sock`)
    await chmod(`${it.project.path}/private.sock`, 0)
    const ctl = [testNode(), tunicornMain, 'ctl', 'status', '--control', `${it.project.path}/private.sock`]
    // Root may use every socket, but for what it gives up.
    const [program = '', ...args] =
      process.geteuid?.() === 0 ? ['setpriv', '--bounding-set=-all', '--inh-caps=-all', ...ctl] : ctl
    expect(
      spawnSync(program, ['--version']).error,
      `${program} is needed (package util-linux)`,
    ).toBeUndefined()
    await using running = await startProcess(program, args, { cwd: it.project.path })
    const { code } = await running.exited
    expectRefusal({ code, output: running.output }, /You may not use the control socket/)
  })

  it('says that a server does not answer', async () => {
    await using it = await rig()
    const server = await it.serve()
    server.signal('SIGSTOP')
    const ending = await it.ctl('status')
    server.signal('SIGCONT')
    expectRefusal(ending, /did not answer within 5 s/)
  })

  it('says what is wrong with the command line', async () => {
    await using it = await rig()
    expectRefusal(await it.ctl('sttus'), /unknown command 'sttus' \(Did you mean status\?\)/)
    expectRefusal(await it.ctl('status', '--jsno'), /unknown option '--jsno' \(Did you mean --json\?\)/)
    expectRefusal(await it.ctl('status', '--group', 'web'), /No server of yours/)
  })
})
