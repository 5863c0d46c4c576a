/** `tunicorn ctl stack`, `profile` and `heap-snapshot` against living workers, as a person uses them. */
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { ControlClient, type WorkerStatus } from '@tunicorn/arbiter/control'
import { type RunningProcess, servingUrl, startTunicorn } from '@tunicorn/harness'
import { describe, expect, it } from 'vitest'
import { createProject, type Ending, type Project, runToEnd } from '../integration/project.js'

const app = `
import { execFileSync } from 'node:child_process'
class KeptByTheApp { constructor(index) { this.text = 'kept '.repeat(5) + index } }
const kept = Array.from({ length: Number(process.env.KEPT ?? 10) }, (_, index) => new KeptByTheApp(index))
// Called by Node alone: V8 would make it a part of a function of the app that calls it, and a profile would have that one.
function burnsTheProcessor(ms, response) {
  const end = performance.now() + ms
  let sum = 0
  while (performance.now() < end) sum += Math.sqrt(sum + 1)
  response.end(String(sum))
}
export default (request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://app')
  const ms = Number(searchParams.get('ms'))
  if (pathname === '/burn') return void setImmediate(burnsTheProcessor, ms, response)
  if (pathname === '/native') console.log('sleeps natively')
  if (pathname === '/native') execFileSync('sleep', [String(ms / 1000)])
  if (pathname === '/wait') return void setTimeout(() => response.end(), ms)
  response.end(process.pid + ' keeps ' + kept.length)
}
`

interface Rig extends AsyncDisposable {
  readonly project: Project
  readonly server: RunningProcess
  readonly client: ControlClient
  readonly url: string
  ctl(...args: readonly string[]): Promise<Ending>
  workers(): Promise<readonly WorkerStatus[]>
  /** Asks the app for something that lasts, and resolves when a worker has it in its hands. */
  request(target: string): Promise<void>
}

async function rig(args: readonly string[] = [], env: Readonly<Record<string, string>> = {}): Promise<Rig> {
  const project = await createProject({ 'app.mjs': app })
  const places = { XDG_RUNTIME_DIR: `${project.path}/run`, TMPDIR: `${project.path}/tmp` }
  await Promise.all([mkdir(places.XDG_RUNTIME_DIR), mkdir(places.TMPDIR)])
  const quick = ['--canary-seconds', '0', '--log-level', 'debug']
  const given = ['app.mjs', '-k', 'event-loop', '-b', '127.0.0.1:0', ...quick, ...args]
  const server = await startTunicorn({ args: given, cwd: project.path, env: { ...places, ...env } })
  await server.waitForOutput(/Control socket at/)
  const url = await servingUrl(server)
  const client = new ControlClient(`${places.XDG_RUNTIME_DIR}/tunicorn/${server.pid}.sock`)
  const workers = async (): Promise<readonly WorkerStatus[]> =>
    (await client.status()).groups[0]?.workers ?? []
  return {
    project,
    server,
    client,
    url,
    workers,
    ctl: (...words) => runToEnd(project, ['ctl', ...words], places),
    async request(target) {
      void fetch(`${url}${target}`).catch(() => {})
      await expect
        .poll(async () => (await client.stack({ worker: 1 })).requests.map(each => each.target))
        .toContain(target)
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]()
      await project[Symbol.asyncDispose]()
    },
  }
}

describe('`tunicorn ctl stack`', () => {
  it('shows the JavaScript that blocks a worker and the request in its hands, and the worker goes on', async () => {
    await using it = await rig()
    await it.request('/burn?ms=6000')
    const { code, output } = await it.ctl('stack', '1')
    expect(output).toMatch(/^worker 1 \(pid \d+\) runs JavaScript:$/m)
    expect(output).toMatch(/^ {2}at burnsTheProcessor \(.*app\.mjs:\d+:\d+\)$/m)
    expect(output).toMatch(/^in flight: GET \/burn\?ms=6000 \(\d/m)
    expect(code).toBe(0)
    expect(await (await fetch(it.url)).text()).toBe(`${(await it.workers())[0]?.pid} keeps 10`)
    expect(it.server.output).not.toMatch(/event loop is blocked/)
  })

  it('says so of a worker that waits, and takes its pid as well', async () => {
    await using it = await rig()
    await it.request('/wait?ms=20000')
    const pid = (await it.workers())[0]?.pid
    const { code, output } = await it.ctl('stack', String(pid))
    expect(output).toMatch(/^worker 1 \(pid \d+\) waits: no JavaScript runs$/m)
    expect(output).toMatch(/^in flight: GET \/wait/m)
    expect(code).toBe(0)
  })

  it('says so of a worker that is in native code, however often it is asked, and afterwards shows it again', async () => {
    await using it = await rig()
    const answer = fetch(`${it.url}/native?ms=4000`)
    await it.server.waitForOutput(/sleeps natively/)
    const stateNow = async (): Promise<string> => (await it.client.stack({ worker: 1 })).state
    expect((await it.ctl('stack', '1')).output).toMatch(/^worker 1 \(pid \d+\) is in native code/)
    expect(await stateNow()).toBe('native')
    await answer
    // At times it is a heartbeat that runs.
    await expect.poll(stateNow).toBe('waiting')
    expect(it.server.output).not.toMatch(/without a watchdog/)
  })

  it('says so of a worker whose process is stopped, before it would give up the server', async () => {
    await using it = await rig()
    const pid = (await it.workers())[0]?.pid ?? 0
    process.kill(pid, 'SIGSTOP')
    const { code, output } = await it.ctl('stack', '1')
    process.kill(pid, 'SIGCONT')
    expect(output).toMatch(/Worker 1 has told no stack: .* its process is stopped$/m)
    expect(code).toBe(1)
  })

  it('says which workers there are when it is asked for another', async () => {
    await using it = await rig()
    const { code, output } = await it.ctl('stack', '77')
    expect(output).toMatch(/^tunicorn: There is no worker of age or pid 77; there are: 1 \(pid \d+\)$/m)
    expect(code).toBe(1)
  })
})

describe('`tunicorn ctl profile`', () => {
  it('writes a .cpuprofile in which the function is found that used the processor', async () => {
    await using it = await rig()
    const path = `${it.project.path}/out.cpuprofile`
    const done = it.ctl('profile', '1', '--seconds', '2', '--output', path)
    let isOver = false
    void done.finally(() => {
      isOver = true
    })
    // So many at once that every worker has its share of them.
    const burn = (): Promise<Response> => fetch(`${it.url}/burn?ms=50`, { headers: { connection: 'close' } })
    while (!isOver) await Promise.all(Array.from({ length: 6 }, burn))
    const { code, output } = await done
    expect(output).toBe(`${path}\n`)
    expect(code).toBe(0)
    const profile: unknown = JSON.parse(await readFile(path, 'utf8'))
    expect(profile).toMatchObject({ nodes: expect.any(Array), samples: expect.any(Array) })
    expect(JSON.stringify(profile)).toContain('"functionName":"burnsTheProcessor"')
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect(await readdir(`${it.project.path}/tmp`)).toEqual([])
  })

  it('never overwrites a file, and names one by itself', async () => {
    await using it = await rig()
    await writeFile(`${it.project.path}/mine`, 'precious')
    const refused = await it.ctl('profile', '1', '--seconds', '1', '--output', 'mine')
    expect(refused.output).toMatch(/^tunicorn: The file mine exists already/)
    expect(refused.code).toBe(1)
    expect(await readFile(`${it.project.path}/mine`, 'utf8')).toBe('precious')
    const { output } = await it.ctl('profile', '1', '--seconds', '1')
    expect(output).toMatch(/^worker-1-\S+\.cpuprofile\n$/)
    expect((await stat(`${it.project.path}/${output.trim()}`)).size).toBeGreaterThan(100)
  })

  it('is refused for a second one on the same worker, and possible on the other', async () => {
    await using it = await rig(['-w', '2'])
    const first = it.client.profile({ worker: 1, seconds: 3 })
    const second = it.ctl('heap-snapshot', '1', '--output', 'second')
    const other = it.ctl('profile', '2', '--seconds', '1', '--output', 'other')
    expect(await second).toMatchObject({
      code: 1,
      output: expect.stringMatching(/^tunicorn: Worker 1 is being examined already/),
    })
    expect((await other).code).toBe(0)
    for await (const _ of await first);
    expect(await readdir(it.project.path)).not.toContain('second')
  })

  it('says that the worker has ended meanwhile, and leaves no file', async () => {
    await using it = await rig()
    const done = it.ctl('profile', '1', '--seconds', '60', '--output', 'out')
    await expect.poll(() => readdir(`${it.project.path}/tmp`)).not.toEqual([])
    process.kill((await it.workers())[0]?.pid ?? 0, 'SIGKILL')
    const { code, output } = await done
    expect(output).toMatch(/^tunicorn: Worker 1 has ended meanwhile$/m)
    expect(code).toBe(1)
    expect(await readdir(it.project.path)).not.toContain('out')
    await expect.poll(() => readdir(`${it.project.path}/tmp`)).toEqual([])
  })

  it('says what is wrong with the seconds', async () => {
    await using it = await rig()
    const { code, output } = await it.ctl('profile', '1', '--seconds', '0')
    expect(output).toMatch(/^tunicorn: .*--seconds is from 1 to 300, got "0"$/m)
    expect(code).toBe(1)
  })
})

describe('`tunicorn ctl heap-snapshot`', () => {
  it('writes a .heapsnapshot with the objects of the app, and no timeout ends the worker for it', async () => {
    await using it = await rig(['--timeout', '1'], { KEPT: '100000' })
    const pid = (await it.workers())[0]?.pid
    const { code, output } = await it.ctl('heap-snapshot', '1', '--output', 'out.heapsnapshot')
    expect(output).toBe('out.heapsnapshot\n')
    expect(code).toBe(0)
    const path = `${it.project.path}/out.heapsnapshot`
    const snapshot: unknown = JSON.parse(await readFile(path, 'utf8'))
    expect(snapshot).toMatchObject({
      snapshot: { node_count: expect.any(Number) },
      strings: expect.any(Array),
    })
    expect(JSON.stringify(snapshot)).toContain('KeptByTheApp')
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect(await (await fetch(it.url)).text()).toBe(`${pid} keeps 100000`)
    expect(it.server.output).not.toMatch(/event loop is blocked|timeout/i)
    expect(await readdir(`${it.project.path}/tmp`)).toEqual([])
  }, 60_000)
})
