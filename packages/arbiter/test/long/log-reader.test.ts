/** The arbiter with a log that nobody reads, cannot be written, or has lost its folder. */
import { execFileSync } from 'node:child_process'
import { closeSync, constants, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs'
import { isAlive, type RunningProcess, temporaryDirectory } from '@tunicorn/harness'
import { describe, expect, it } from 'vitest'
import { runArbiter } from '../support/run-arbiter.js'
import { askWho, startArbiter } from '../support/start-arbiter.js'

/** A named pipe with a reader that does not read. */
class UnreadPipe implements Disposable {
  readonly #reader: number
  /** To be passed on; writes to it wait for the reader. */
  readonly writer: number
  #isOpen = true

  constructor(path: string) {
    execFileSync('mkfifo', [path])
    this.#reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
    this.writer = openSync(path, constants.O_WRONLY)
    this.#fill(path)
  }

  #fill(path: string): void {
    const fd = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK)
    const part = Buffer.alloc(4_096, 'x')
    try {
      for (;;) writeSync(fd, part)
    } catch {
      // It is full.
    }
    closeSync(fd)
  }

  /** The reader leaves. */
  close(): void {
    if (this.#isOpen) closeSync(this.#reader)
    this.#isOpen = false
  }

  [Symbol.dispose](): void {
    this.close()
    closeSync(this.writer)
  }
}

async function servesReloadsAndStops(server: RunningProcess, socket: string): Promise<void> {
  await server.waitForOutput(/^serving/m)
  const { pid } = await askWho(`unix:${socket}`)
  server.signal('SIGHUP')
  await expect.poll(async () => (await askWho(`unix:${socket}`)).pid).not.toBe(pid)
  await expect.poll(() => isAlive(pid)).toBe(false)
  expect((await server.stop()).code).toBe(0)
}

describe('the arbiter', () => {
  it('serves, reloads and stops while the reader of its standard error reads nothing', async () => {
    await using directory = await temporaryDirectory()
    using pipe = new UnreadPipe(`${directory.path}/pipe`)
    const socket = `${directory.path}/app.sock`
    await using server = await startArbiter({
      settings: { bind: `unix:${socket}`, workers: 1, logLevel: 'debug' },
      fds: [pipe.writer],
      prologue: 'exec 2>&3 3>&-;',
    })
    await servesReloadsAndStops(server, socket)
  })

  it('serves, reloads and stops after the reader of its standard error has gone', async () => {
    await using directory = await temporaryDirectory()
    using pipe = new UnreadPipe(`${directory.path}/pipe`)
    const socket = `${directory.path}/app.sock`
    await using server = await startArbiter({
      settings: { bind: `unix:${socket}`, workers: 1 },
      fds: [pipe.writer],
      prologue: 'exec 2>&3 3>&-;',
    })
    pipe.close()
    await servesReloadsAndStops(server, socket)
  })

  it('serves, reloads and stops while the disk of its log is full', async () => {
    await using directory = await temporaryDirectory()
    const socket = `${directory.path}/app.sock`
    await using server = await startArbiter({
      settings: { bind: `unix:${socket}`, workers: 1, errorLog: '/dev/full' },
    })
    await servesReloadsAndStops(server, socket)
  })
})

describe('an app that prints', () => {
  it('goes on serving after the reader of its output has gone', async () => {
    await using directory = await temporaryDirectory()
    using pipe = new UnreadPipe(`${directory.path}/pipe`)
    const socket = `${directory.path}/app.sock`
    await using server = await startArbiter({
      settings: { app: './complains.mjs', bind: `unix:${socket}`, workers: 1 },
      fds: [pipe.writer],
      prologue: 'exec 2>&3 3>&-;',
    })
    pipe.close()
    await server.waitForOutput(/^serving/m)
    const { pid } = await askWho(`unix:${socket}`)
    for (let round = 0; round < 3; round += 1) expect((await askWho(`unix:${socket}`)).pid).toBe(pid)
    expect((await server.stop()).code).toBe(0)
  })
})

describe('a log file', () => {
  it('is reopened by USR1, and the old one gets nothing any more', async () => {
    await using directory = await temporaryDirectory()
    const errorLog = `${directory.path}/error.log`
    await using server = await runArbiter({ errorLog, workers: 1 })
    await server.waitForOutput(/^serving/m)
    renameSync(errorLog, `${errorLog}.1`)
    server.signal('SIGUSR1')
    await expect.poll(() => readFileSync(`${errorLog}.1`, 'utf8')).toContain('Handling signal: usr1')
    expect((await server.stop()).code).toBe(0)
    const [before, after] = [`${errorLog}.1`, errorLog].map(file => readFileSync(file, 'utf8'))
    expect(before).toMatch(/Starting tunicorn[\s\S]*Handling signal: usr1\n$/)
    expect(after).toMatch(/Handling signal: term[\s\S]*Shutting down: Master \(arbiter\)\n$/)
  })

  it('whose folder is gone is written on where it was, which USR1 is told', async () => {
    await using directory = await temporaryDirectory()
    await using logs = await temporaryDirectory()
    const moved = `${directory.path}/moved.log`
    await using server = await runArbiter({ errorLog: `${logs.path}/error.log`, workers: 1 })
    await server.waitForOutput(/^serving/m)
    renameSync(`${logs.path}/error.log`, moved)
    rmSync(logs.path, { recursive: true })
    server.signal('SIGUSR1')
    await expect.poll(() => readFileSync(moved, 'utf8')).toMatch(/could not be reopened.*\n {4}ENOENT/)
    expect((await server.stop()).code).toBe(0)
    expect(readFileSync(moved, 'utf8')).toMatch(/Shutting down: Master \(arbiter\)\n$/)
  })
})
