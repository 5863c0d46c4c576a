import { watch } from 'node:fs'
import { chmod, stat, writeFile } from 'node:fs/promises'
import { bootedPids, isAlive, type RunningProcess, temporaryDirectory } from '@tunicorn/harness'
import { describe, expect, it } from 'vitest'
import { bindUnix } from '../support/passed-socket.js'
import { runArbiter } from '../support/run-arbiter.js'
import { askWho, startArbiter } from '../support/start-arbiter.js'

async function modeOf(path: string): Promise<string> {
  return ((await stat(path)).mode & 0o777).toString(8)
}

async function serving(server: RunningProcess): Promise<void> {
  await server.waitForOutput(/^serving/m)
}

describe('the mode of a Unix socket', () => {
  it.each([
    ['private, unless set', {}, '600'],
    ['what socketMode says, whatever the umask', { socketMode: '0666', umask: 0o077 }, '666'],
    ['what socketMode says, also less than usual', { socketMode: 0o060 }, '60'],
  ])('is %s', async (_what, settings, mode) => {
    await using directory = await temporaryDirectory()
    const path = `${directory.path}/app.sock`
    await using server = await startArbiter({ settings: { bind: `unix:${path}`, ...settings } })
    await serving(server)
    expect(await modeOf(path)).toBe(mode)
    await server.stop()
  })

  it('does not change the umask of the workers', async () => {
    await using directory = await temporaryDirectory()
    const path = `${directory.path}/app.sock`
    const settings = { bind: `unix:${path}`, umask: 0o027 }
    await using server = await startArbiter({ settings })
    await serving(server)
    expect((await askWho(`unix:${path}`)).umask).toBe(0o027)
    await server.stop()
  })

  it('is there from the start: nothing about the file changes after it was made', async () => {
    await using directory = await temporaryDirectory()
    const seen: string[] = []
    const watcher = watch(directory.path)
    const isOver = new Promise<void>(resolve => {
      watcher.on('change', (event, name) => {
        if (name === 'app.sock') seen.push(event)
        if (name === 'over') resolve()
      })
    })
    try {
      await using server = await startArbiter({ settings: { bind: `unix:${directory.path}/app.sock` } })
      await serving(server)
      await writeFile(`${directory.path}/over`, '')
      await isOver
      // Making a file is a `rename`; a change of its mode would be a `change`.
      expect(seen).toEqual(['rename'])
      await server.stop()
    } finally {
      watcher.close()
    }
  })

  it('is that of the setting when a stale socket is replaced', async () => {
    await using directory = await temporaryDirectory()
    const path = `${directory.path}/app.sock`
    await using first = await startArbiter({ settings: { bind: `unix:${path}`, socketMode: '0660' } })
    await serving(first)
    await first.stop('SIGKILL')
    await chmod(path, 0o777)
    await using heir = await startArbiter({ settings: { bind: `unix:${path}`, socketMode: '0660' } })
    await serving(heir)
    expect(await modeOf(path)).toBe('660')
    await heir.stop()
  })
})

/** Other kernels do not tell of a socket that is bound and refuses connections. */
const onLinux = (name: string, run: () => Promise<void>): void => {
  if (process.platform === 'linux') it(name, run)
}

describe('a Unix socket that is in the way', () => {
  onLinux('is not taken from an arbiter whose workers still boot', async () => {
    await using directory = await temporaryDirectory()
    const path = `${directory.path}/app.sock`
    await using first = await runArbiter({ bind: `unix:${path}`, app: './hangs.mjs' })
    await first.waitForOutput(/Booting worker/)
    const { ino } = await stat(path)
    await using thief = await runArbiter({ bind: `unix:${path}` })
    expect((await thief.exited).code).toBe(1)
    expect(thief.output).toContain(`BIND_FAILED: Cannot bind unix:${path}: the address is already in use`)
    expect((await stat(path)).ino).toBe(ino)
    await first.stop('SIGINT')
  })

  it('is not taken from a server that accepts, and keeps serving', async () => {
    await using directory = await temporaryDirectory()
    const path = `${directory.path}/app.sock`
    await using first = await startArbiter({ settings: { bind: `unix:${path}` } })
    await serving(first)
    await using thief = await startArbiter({ settings: { bind: `unix:${path}` } })
    expect((await thief.exited).code).toBe(1)
    expect(thief.output).toContain('already in use')
    const { pid } = await askWho(`unix:${path}`)
    expect(bootedPids(first)).toContain(pid)
    expect(isAlive(pid)).toBe(true)
    await first.stop()
  })

  it('is left alone when it is not a socket', async () => {
    await using directory = await temporaryDirectory()
    const path = `${directory.path}/app.sock`
    await writeFile(path, 'precious')
    await using server = await startArbiter({ settings: { bind: `unix:${path}` } })
    expect((await server.exited).code).toBe(1)
    expect(server.output).toContain('the path exists and is not a socket')
    expect((await stat(path)).size).toBe('precious'.length)
  })

  it('is replaced while another socket of a longer name lives beside it', async () => {
    await using directory = await temporaryDirectory()
    using _neighbour = bindUnix(`${directory.path}/app.sock2`)
    const path = `${directory.path}/app.sock`
    await using first = await startArbiter({ settings: { bind: `unix:${path}` } })
    await serving(first)
    await first.stop('SIGKILL')
    await using heir = await startArbiter({ settings: { bind: `unix:${path}` } })
    await serving(heir)
    await heir.stop()
  })
})
