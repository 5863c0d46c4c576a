/** The terminal that a server was started in is closed. */
import { existsSync, readFileSync } from 'node:fs'
import { isAlive, startInTerminal, temporaryDirectory, testNode, tunicornMain } from '@tunicorn/harness'
import { expect, it } from 'vitest'
import { commandLine, statusOf } from './server.js'

/** Starts a server in a terminal, closes that, and gives what the log has then to say. */
async function closeTerminal(
  directory: string,
  launcher: readonly string[],
): Promise<{ readonly pid: number; readonly url: string; log(): string }> {
  const log = `${directory}/log`
  const command = [...launcher, testNode(), tunicornMain, ...commandLine({ workers: 1 })]
  await using terminal = await startInTerminal([...command, '--error-logfile', log], { cwd: directory })
  const read = (): string => (existsSync(log) ? readFileSync(log, 'utf8') : '')
  await expect.poll(read).toMatch(/Booting worker/)
  const [, url = '', pid] = /Listening at: (\S+) \((\d+)\)/.exec(read()) ?? []
  await expect.poll(() => statusOf(url).catch(() => 0)).toBe(200)
  process.kill(terminal.pid, 'SIGKILL')
  return { pid: Number(pid), url, log: read }
}

it('which stops the server, whose workers drain', async () => {
  await using directory = await temporaryDirectory()
  const { pid, log } = await closeTerminal(directory.path, [])
  await expect.poll(() => isAlive(pid)).toBe(false)
  expect(log()).toMatch(
    /Handling signal: hup, because the terminal is gone: stopping[\s\S]*Shutting down: Master/,
  )
  expect(log()).not.toContain('Reloading')
})

it('which a server that was started with `nohup` outlives', async () => {
  await using directory = await temporaryDirectory()
  const { pid, url, log } = await closeTerminal(directory.path, ['nohup'])
  try {
    await expect.poll(log).toMatch(/Handling signal: hup\b/)
    expect(await statusOf(url)).toBe(200)
  } finally {
    process.kill(pid, 'SIGTERM')
  }
  await expect.poll(() => isAlive(pid)).toBe(false)
})
