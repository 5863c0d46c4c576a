import { existsSync, readFileSync, watch } from 'node:fs'
import { chmod, readFile, rename, stat } from 'node:fs/promises'
import {
  type Account,
  accountOf,
  bootedPids,
  isAlive,
  rawExchange,
  temporaryDirectory,
} from '@tunicorn/harness'
import { describe, expect, it } from 'vitest'
import { askWho, publicCopy, startArbiter } from '../support/start-arbiter.js'

const isRoot = process.getuid?.() === 0
const nobody = accountOf('nobody') ?? { name: 'nobody', uid: -1, gid: -1 }

/** A user that is named as a member of a group; `undefined`: nobody on this machine is. */
function memberOfGroups(): (Account & { readonly furtherGroups: readonly number[] }) | undefined {
  const groups = readFileSync('/etc/group', 'utf8')
    .split('\n')
    .map(line => line.split(':'))
    .map(([, , gid, members = '']) => ({ gid: Number(gid), members: members.split(',').filter(Boolean) }))
  const account = accountOf(groups.flatMap(({ members }) => members)[0] ?? '')
  if (!account) return undefined
  const furtherGroups = groups.filter(({ members }) => members.includes(account.name)).map(({ gid }) => gid)
  return { ...account, furtherGroups }
}

const member = memberOfGroups()

/** Resolves when a file of this name is made in the directory. */
function fileCreated(directory: string, name: string): Promise<void> {
  return new Promise(resolve => {
    const watcher = watch(directory, (_event, changed) => {
      if (changed !== name || !existsSync(`${directory}/${name}`)) return
      watcher.close()
      resolve()
    })
  })
}

function withRoot(): void {
  it('run as the user and its group from before the app is imported, for good', async () => {
    await using copy = await publicCopy()
    const settings = { bind: `unix:${copy.path}/app.sock`, user: 'nobody' }
    await using server = await startArbiter({ directory: copy.fixtures, settings })
    await server.waitForOutput(/^serving/m)
    const identity = { uid: nobody.uid, gid: nobody.gid }
    expect(await askWho(`unix:${copy.path}/app.sock`)).toMatchObject({
      ...identity,
      atImport: identity,
      groups: [nobody.gid],
      rootAgain: 'EPERM',
    })
    expect((await server.stop()).code).toBe(0)
  })

  it('run as numbers that have no entry, and lose the groups of root', async () => {
    await using copy = await publicCopy()
    const settings = { bind: `unix:${copy.path}/app.sock`, user: 4711, group: '4712', workers: 1 }
    await using server = await startArbiter({ directory: copy.fixtures, settings })
    await server.waitForOutput(/^serving/m)
    const answer = await askWho(`unix:${copy.path}/app.sock`)
    expect(answer).toMatchObject({ uid: 4711, gid: 4712, groups: [4712], rootAgain: 'EPERM' })
    await server.stop()
  })

  it('keep the further groups of their user when another takes the place of its own group', async () => {
    if (!member) return console.log('no user of this machine has further groups')
    await using copy = await publicCopy()
    const settings = { bind: `unix:${copy.path}/app.sock`, user: member.name, group: 4712, workers: 1 }
    await using server = await startArbiter({ directory: copy.fixtures, settings })
    await server.waitForOutput(/^serving/m)
    const answer = await askWho(`unix:${copy.path}/app.sock`)
    expect(answer).toMatchObject({ uid: member.uid, gid: 4712, rootAgain: 'EPERM' })
    expect(answer.groups.toSorted()).toEqual([...member.furtherGroups, 4712].toSorted())
    await server.stop()
  })

  it('leave the log, the pidfile and upgrades to the arbiter, which stays root', async () => {
    await using copy = await publicCopy()
    await using closed = await temporaryDirectory()
    const errorLog = `${closed.path}/log`
    const pidfile = `${closed.path}/pid`
    const url = `unix:${copy.path}/app.sock`
    const settings = { bind: url, user: 'nobody', errorLog, pidfile }
    await using server = await startArbiter({ directory: copy.fixtures, settings })
    await server.waitForOutput(/^serving/m)
    const created = fileCreated(closed.path, 'log')
    await rename(errorLog, `${errorLog}.1`)
    process.kill(server.pid, 'SIGUSR1')
    await created
    process.kill(server.pid, 'SIGUSR2')
    await server.waitForOutput(/^serving[\s\S]*^serving/m)
    const log = await readFile(errorLog, 'utf8')
    const successor = Number(/starting a new arbiter with pid: (\d+)/.exec(log)?.[1])
    try {
      expect(await readFile(`${errorLog}.1`, 'utf8')).toContain('Listening at')
      expect(log).toContain('Handling signal: usr2')
      expect((await askWho(url)).uid).toBe(nobody.uid)
      if (process.platform === 'linux') expect((await stat(`/proc/${successor}`)).uid).toBe(0)
    } finally {
      process.kill(successor, 'SIGTERM')
      await server.closed
    }
  })

  it('own their Unix socket, so that they and the users whom socketMode admits can use it', async () => {
    await using copy = await publicCopy()
    const path = `${copy.path}/app.sock`
    const settings = { bind: `unix:${path}`, user: 'nobody', group: 4712, socketMode: '0660' }
    await using server = await startArbiter({ directory: copy.fixtures, settings })
    await server.waitForOutput(/^serving/m)
    const { uid, gid, mode } = await stat(path)
    expect({ uid, gid, mode: mode & 0o777 }).toEqual({ uid: nobody.uid, gid: 4712, mode: 0o660 })
    await server.stop()
    await expect(stat(path)).rejects.toThrow('ENOENT')
  })

  it('are still watched: a blocked one is described, and all of them end with the arbiter', async () => {
    await using copy = await publicCopy()
    const path = `${copy.path}/app.sock`
    const settings = { bind: `unix:${path}`, user: 'nobody', app: './app.mjs', timeout: 2 }
    await using server = await startArbiter({ directory: copy.fixtures, settings })
    await server.waitForOutput(/^serving/m)
    void rawExchange({ path }, 'GET /block HTTP/1.1\r\nhost: x\r\n\r\n').catch(() => {})
    await server.waitForOutput(/WORKER TIMEOUT/)
    await server.waitForOutput(/at spinForEver \(.*app\.mjs:\d+:\d+\)/)
    await server.stop('SIGKILL', 2_500)
    // The watchdog of the blocked one ends it within two seconds.
    await expect.poll(() => bootedPids(server).filter(isAlive), { timeout: 5_000 }).toEqual([])
  })

  it('say why they cannot boot when the user may not read the app', async () => {
    await using copy = await publicCopy()
    await chmod(`${copy.fixtures}who-am-i.mjs`, 0o600)
    const settings = { bind: `unix:${copy.path}/app.sock`, user: 'nobody' }
    await using server = await startArbiter({ directory: copy.fixtures, settings })
    expect((await server.exited).code).toBe(4)
    expect(server.output).toContain('EACCES: permission denied')
  })
}

if (isRoot) describe('workers of an arbiter that is root', withRoot)
else console.log('not root: of `user` and `group` only the refusal is tested')

describe('an arbiter that is not root', () => {
  it('refuses to let its workers be another user before anything is bound, and says what to do', async () => {
    await using copy = await publicCopy()
    const path = `${copy.path}/app.sock`
    const settings = { bind: `unix:${path}`, user: 'root', group: 0 }
    await using server = await startArbiter({
      directory: copy.fixtures,
      settings,
      runner: 'run-unprivileged.mjs',
    })
    expect((await server.exited).code).toBe(1)
    expect(server.output).toMatch(/CONFIG_INVALID: The settings `user` and `group` ask for workers of user 0/)
    expect(server.output).toMatch(
      /only root may do that: the arbiter runs as user [1-9]\d* .*Start it as root/,
    )
    await expect(stat(path)).rejects.toThrow('ENOENT')
    expect(bootedPids(server)).toEqual([])
  })

  it('refuses a user that the machine does not have', async () => {
    await using server = await startArbiter({
      settings: { user: 'no-such-user' },
      runner: 'run-unprivileged.mjs',
    })
    expect((await server.exited).code).toBe(1)
    expect(server.output).toContain('got `no-such-user`: this machine has no such user')
  })
})
