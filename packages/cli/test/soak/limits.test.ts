/** What is taken away from a server that runs: processes, memory, room on the disk, and the processor. Descriptors: `test/long/descriptors.test.ts`. */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import {
  bootedPids,
  checkAllOk,
  controlGroup,
  LoadRun,
  type RunningProcess,
  servingUrl,
  startProcess,
  temporaryDirectory,
  testNode,
  tunicornMain,
} from '@tunicorn/harness'
import { expect, test } from 'vitest'
import { commandLine, fromThisRun } from '../supervision/server.js'

const isRoot = process.getuid?.() === 0
const load = (server: RunningProcess, url: string): LoadRun =>
  new LoadRun({ to: url, check: fromThisRun(server) })

test('a server that may start no more processes serves with those it has, and starts others when it may again', async () => {
  // Root has no such limit, and of a user nobody else is the number of processes is that of this server.
  const asNobodyElse = isRoot ? ['setpriv', '--reuid', '4713', '--regid', '4713', '--clear-groups'] : []
  const [command = '', ...args] = [...asNobodyElse, testNode(), tunicornMain, ...commandLine()]
  await using server = await startProcess(command, args, { cwd: '/', env: { XDG_RUNTIME_DIR: undefined } })
  const url = await servingUrl(server)
  await expect.poll(() => bootedPids(server).length).toBe(2)
  const limit = (processes: string): unknown =>
    execFileSync(asNobodyElse[0] ?? 'env', [
      ...asNobodyElse.slice(1),
      'prlimit',
      '--pid',
      String(server.pid),
      `--nproc=${processes}:`,
    ])
  const [, before = ''] =
    /^Max processes +(\S+)/m.exec(readFileSync(`/proc/${server.pid}/limits`, 'utf8')) ?? []
  limit('1')
  const [first = 0] = bootedPids(server)
  process.kill(first, 'SIGKILL')
  await server.waitForOutput(/Could not start a worker: spawn \S+ EAGAIN/)
  await using requests = load(server, url)
  await requests.waitForAnswers(200)
  server.signal('SIGHUP')
  await server.waitForOutput(/Reload failed: The running generation is kept/, 60_000)
  await requests.waitForAnswers(200)
  limit(before)
  await expect.poll(() => bootedPids(server).length, { timeout: 60_000 }).toBeGreaterThan(2)
  await requests.waitForAnswers(200)
  checkAllOk(await requests.stop())
  expect((await server.stop()).code).toBe(0)
})

test.each(['the arbiter', 'every process'])(
  'a server of which %s gets no processor for longer than `timeout` loses no worker and no request',
  async which => {
    const line = commandLine({ args: ['--timeout', '2'] })
    await using server = await startProcess(testNode(), [tunicornMain, ...line])
    const url = await servingUrl(server)
    await expect.poll(() => bootedPids(server).length).toBe(2)
    await using requests = load(server, url)
    await requests.waitForAnswers(100)
    const pid = which === 'the arbiter' ? server.pid : -server.pid
    process.kill(pid, 'SIGSTOP')
    // Longer than it takes to call a worker silent.
    await new Promise(resolve => setTimeout(resolve, 4_000))
    process.kill(pid, 'SIGCONT')
    await requests.waitForAnswers(500)
    checkAllOk(await requests.stop())
    expect(server.output).not.toMatch(/WORKER TIMEOUT|Worker exiting/)
    expect(bootedPids(server)).toHaveLength(2)
    expect((await server.stop()).code).toBe(0)
  },
)

test('a server without room on its disk serves and reloads', async () => {
  await using directory = await temporaryDirectory()
  const folder = `${directory.path}/full`
  execFileSync('mkdir', [folder])
  const files = ['--pid', `${folder}/pid`, '--access-logfile', `${folder}/access`]
  const node = [testNode(), tunicornMain, ...commandLine({ args: files })]
  const mount = 'mount -t tmpfs -o size=64k tmpfs "$0" && exec "$@"'
  const own = isRoot ? [] : ['--user', '--map-root-user']
  await using server = await startProcess(
    'unshare',
    [...own, '--mount', 'sh', '-c', mount, folder, ...node],
    {
      env: { TMPDIR: folder },
    },
  )
  const url = await servingUrl(server)
  await expect.poll(() => bootedPids(server).length).toBe(2)
  // The disk is in the view of the server alone.
  const filler = `/proc/${server.pid}/root${folder}/filler`
  expect(existsSync(`/proc/${server.pid}/root${folder}/pid`)).toBe(true)
  expect(() => writeFileSync(filler, Buffer.alloc(1_000_000))).toThrow(/ENOSPC/)
  await using requests = load(server, url)
  await requests.waitForAnswers(200)
  await server.waitForOutput(/The access log \S+ cannot be written; its lines are dropped/)
  server.signal('SIGHUP')
  await server.waitForOutput(/Reload done/, 60_000)
  await requests.waitForAnswers(200)
  rmSync(filler)
  checkAllOk(await requests.stop())
  expect(server.output).not.toMatch(/Worker exiting[^\n]*(?:code [1-9]|signal)/)
  expect((await server.stop()).code).toBe(0)
})

test('a server whose memory is used up loses the worker that has most of it, says why, and serves with the others', async () => {
  using group = controlGroup('memory', 600 * 1_048_576)
  if (!group) return console.log('no control group can be made here: memory was not taken away')
  const node = [testNode(), tunicornMain, ...commandLine({ args: ['--admin', '127.0.0.1:0'] })]
  const inGroup = 'echo $$ > "$0" && exec "$@"'
  await using server = await startProcess('sh', ['-c', inGroup, group.procs, ...node], { cwd: '/' })
  const url = await servingUrl(server)
  const [, admin = ''] = await server.waitForOutput(/Admin at: (\S+)/)
  await expect.poll(() => bootedPids(server).length).toBe(2)
  await using requests = load(server, url)
  await requests.waitForAnswers(200)
  await expect(fetch(`${url}/hoard`)).rejects.toThrow()
  await server.waitForOutput(/it was sent SIGKILL! Perhaps out of memory\?.*GET \/hoard/)
  await expect.poll(() => bootedPids(server).length, { timeout: 60_000 }).toBe(3)
  // Each client may have had one request in the hands of the worker that was killed.
  expect((await requests.stop()).failed).toBeLessThanOrEqual(4)
  await using later = load(server, url)
  await later.waitForAnswers(500)
  checkAllOk(await later.stop())
  expect(await (await fetch(`${admin}/metrics`)).text()).toMatch(
    /tunicorn_worker_exits_total\{[^}]*reason="oom"[^}]*\} 1/,
  )
  expect((await server.stop()).code).toBe(0)
})
