import { access } from 'node:fs/promises'
import { expect, test } from 'vitest'
import {
  isAlive,
  listeningUrls,
  startProcess,
  temporaryDirectory,
  unreapedPids,
  waitForWorkers,
  zombiesOf,
} from '../../src/index.js'

const node = (script: string, env?: Record<string, string | undefined>) =>
  startProcess(process.execPath, ['-e', script], env === undefined ? {} : { env })

test('output holds both streams, whole, once the process has exited', async () => {
  await using running = await node(
    `process.stdout.write('x'.repeat(60000)); console.error('the end'); process.exitCode = 3`,
  )
  expect(await running.exited).toEqual({ code: 3, signal: null })
  expect(running.output).toHaveLength(60_008)
  expect(running.output).toContain('the end')
})

test('waiting for output resolves with the groups of the match', async () => {
  await using running = await node(
    `console.log('Listening at: http://127.0.0.1:81,unix:/x (7)'); setInterval(() => {}, 1000)`,
  )
  expect((await running.waitForOutput(/Listening at: .*\((\d+)\)/))[1]).toBe('7')
  expect(await listeningUrls(running)).toEqual(['http://127.0.0.1:81', 'unix:/x'])
})

test('waiting for output that does not come is rejected with the output there was', async () => {
  await using ending = await node(`console.log('something else')`)
  await expect(ending.waitForOutput(/never/)).rejects.toThrow('something else')
  await using silent = await node(`console.log('ready'); setInterval(() => {}, 1000)`)
  await silent.waitForOutput(/ready/)
  await expect(silent.waitForOutput(/never/, 20)).rejects.toThrow('ready')
})

test('stop resolves with how the process ended', async () => {
  await using running = await node(
    `process.on('SIGTERM', () => process.exit(5)); console.log('ready'); setInterval(() => {}, 1000)`,
  )
  await running.waitForOutput(/ready/)
  expect(await running.stop()).toEqual({ code: 5, signal: null })
})

test('stop kills a process that does not end in time and says what it printed', async () => {
  await using running = await node(
    `process.on('SIGTERM', () => {}); console.log('stubborn'); setInterval(() => {}, 1000)`,
  )
  await running.waitForOutput(/stubborn/)
  await expect(running.stop('SIGTERM', 50)).rejects.toThrow('stubborn')
  expect(await running.exited).toEqual({ code: null, signal: 'SIGKILL' })
})

test('disposing kills descendants that outlive the process', async () => {
  const parent = `
    const child = require('node:child_process').spawn(process.execPath,
      ['-e', 'console.log("child", process.pid); setInterval(() => {}, 1000)'], { stdio: 'inherit' })
    child.unref()
    process.on('SIGTERM', () => process.exit(0))
    setInterval(() => {}, 1000)`
  const running = await node(parent)
  const [, pid] = await running.waitForOutput(/child (\d+)/)
  running.signal('SIGTERM')
  await running.exited
  expect(process.kill(Number(pid), 0)).toBe(true)
  await running[Symbol.asyncDispose]()
  await expect(isGone(Number(pid))).resolves.toBe(true)
})

test('a command that does not exist is rejected', async () => {
  await expect(startProcess('/no/such/command', [])).rejects.toThrow('ENOENT')
})

test('variables can be set and removed, and those of the test runner are not passed on', async () => {
  const script = `console.log(JSON.stringify([process.env.ONE, process.env.HOME, process.env.VITEST]))`
  await using running = await node(script, { ONE: '1', HOME: undefined })
  await running.exited
  expect(running.output).toContain('["1",null,null]')
})

test('a temporary directory is gone after its block', async () => {
  let kept = ''
  {
    await using directory = await temporaryDirectory()
    kept = directory.path
    await access(kept)
  }
  await expect(access(kept)).rejects.toThrow('ENOENT')
})

/** A killed process counts as gone when it is a zombie that waits for its new parent. */
async function isGone(pid: number): Promise<boolean> {
  await using ps = await startProcess('ps', ['-o', 'stat=', '-p', String(pid)])
  await ps.exited
  return ps.output.trim() === '' || ps.output.trim().startsWith('Z')
}

test('waiting for a text that comes several times resolves with the last of them', async () => {
  await using running = await node(
    `let n = 0; const timer = setInterval(() => { console.log('again'); if (++n === 3) clearInterval(timer) }, 5)`,
  )
  await running.waitForTimes('again', 3)
  expect(running.output).toBe('again\nagain\nagain\n')
  await running.closed
  await expect(running.waitForTimes('again', 4)).rejects.toThrow('ended without `again` 4 times')
})

test.runIf(process.platform === 'linux')(
  'a process that has ended and was not reaped is not alive',
  async () => {
    await using running = await startProcess('/bin/sh', ['-c', 'sleep 0 & echo "child $!"; exec sleep 60'])
    const [, child] = await running.waitForOutput(/child (\d+)/)
    await expect.poll(() => zombiesOf(running.pid)).toEqual([Number(child)])
    expect([running.pid, Number(child)].filter(isAlive)).toEqual([running.pid])
  },
)

test('workers are read from the log, and those that were reaped are told apart', async () => {
  await using running = await node(
    `for (const pid of [71, 72, 73]) console.log('Booting worker with pid: ' + pid)
     console.log('Worker exiting (pid: 72): it exited with code 0')`,
  )
  expect(await waitForWorkers(running, 3)).toEqual([71, 72, 73])
  await running.closed
  expect(unreapedPids(running)).toEqual([71, 73])
})
