import { existsSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { accountOf, bootedPids, isAlive, type RunningProcess, temporaryDirectory } from '@tunicorn/harness'
import { describe, expect, it } from 'vitest'
import { ask, runArbiter, servingAt } from '../support/run-arbiter.js'
import { askWho, publicCopy, startArbiter } from '../support/start-arbiter.js'

const isRoot = process.getuid?.() === 0

/** The targets of the requests in an access log, in order; fails on anything that is not a whole line. */
function targetsIn(file: string): readonly string[] {
  if (!existsSync(file)) return []
  const text = readFileSync(file, 'utf8')
  expect(text === '' || text.endsWith('\n')).toBe(true)
  return text
    .split('\n')
    .slice(0, -1)
    .map(line => {
      const match = /^- - - \[[^\]]+\] "GET (\S+)" (?:-|200|499) - "-" "-"$/.exec(line)
      if (!match) throw new Error(`not a line of the access log: ${JSON.stringify(line)}`)
      return match[1] ?? ''
    })
}

const range = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from }, (_, index) => from + index)

const target = (number: number): string => `/?n=${number}`

/** Asks for `/?n=FROM` up to `/?n=TO`, a few at a time, and resolves when all were answered. */
async function askAll(url: string, from: number, to: number): Promise<void> {
  const numbers = range(from, to).values()
  const client = async (): Promise<void> => {
    for (const number of numbers) await ask(`${url}${target(number)}`)
  }
  await Promise.all(range(0, 8).map(client))
}

async function opened(server: RunningProcess, count: number): Promise<void> {
  await server.waitForOutput(new RegExp(`(Reopened the access log[\\s\\S]*){${count}}`))
}

describe('the access log', () => {
  it('has a line for every request of every worker when the server has stopped', async () => {
    await using directory = await temporaryDirectory()
    const accessLog = `${directory.path}/access.log`
    await using server = await runArbiter({ accessLog })
    await askAll(await servingAt(server), 0, 200)
    expect((await server.stop()).code).toBe(0)
    expect(new Set(targetsIn(accessLog))).toEqual(new Set(range(0, 200).map(target)))
    expect(targetsIn(accessLog)).toHaveLength(200)
  })

  it('shows a request within a second, without a stop', async () => {
    await using directory = await temporaryDirectory()
    const accessLog = `${directory.path}/access.log`
    await using server = await runArbiter({ accessLog })
    await ask(await servingAt(server))
    await expect.poll(() => targetsIn(accessLog)).toEqual(['/'])
  })

  it.each(['/exit', '/throw-later'])('loses no line of a worker that the app ends with %s', async route => {
    await using directory = await temporaryDirectory()
    const accessLog = `${directory.path}/access.log`
    await using server = await runArbiter({ accessLog, workers: 1 })
    const url = await servingAt(server)
    await askAll(url, 0, 50)
    await ask(`${url}${route}`).catch(() => {})
    await server.waitForOutput(/Worker exiting/)
    expect(targetsIn(accessLog)).toEqual(expect.arrayContaining([...range(0, 50).map(target)]))
    await server.stop()
  })

  it('has whole lines only, although a worker was killed in the middle of the load', async () => {
    await using directory = await temporaryDirectory()
    const accessLog = `${directory.path}/access.log`
    await using server = await runArbiter({ accessLog, workers: 3 })
    const url = await servingAt(server)
    const [first] = bootedPids(server)
    const load = Promise.allSettled(range(0, 6).map(part => askAll(url, part * 50, part * 50 + 50)))
    if (first) process.kill(first, 'SIGKILL')
    await load
    await askAll(url, 300, 350)
    await server.stop()
    expect(targetsIn(accessLog)).toEqual(expect.arrayContaining([...range(300, 350).map(target)]))
  })

  it('is split by a rename and USR1 without a loss, and nothing goes to the old file any more', async () => {
    await using directory = await temporaryDirectory()
    const accessLog = `${directory.path}/access.log`
    await using server = await runArbiter({ accessLog, logLevel: 'debug' })
    const url = await servingAt(server)
    const load = askAll(url, 0, 300)
    renameSync(accessLog, `${accessLog}.1`)
    server.signal('SIGUSR1')
    await load
    await opened(server, 2)
    const before = readFileSync(`${accessLog}.1`, 'utf8')
    await askAll(url, 300, 350)
    await server.stop()
    const all = [...targetsIn(`${accessLog}.1`), ...targetsIn(accessLog)]
    expect(all).toHaveLength(350)
    expect(new Set(all)).toEqual(new Set(range(0, 350).map(target)))
    expect(readFileSync(`${accessLog}.1`, 'utf8')).toBe(before)
    expect(targetsIn(accessLog)).toEqual(expect.arrayContaining([...range(300, 350).map(target)]))
  })

  it('is private to its owner and its group', async () => {
    await using directory = await temporaryDirectory()
    const accessLog = `${directory.path}/access.log`
    await using server = await runArbiter({ accessLog, workers: 1, umask: 0 })
    await servingAt(server)
    expect((statSync(accessLog).mode & 0o777).toString(8)).toBe('640')
    await server.stop()
  })

  it('goes to standard output when it is a dash', async () => {
    await using server = await runArbiter({ accessLog: '-', accessLogFormat: 'access %(m)s %(U)s %(p)s' })
    const { pid } = await ask(`${await servingAt(server)}/slow?ms=1`)
    await server.waitForOutput(new RegExp(`^access GET /slow <${pid}>$`, 'm'))
    await server.stop()
  })

  it('is set for each group', async () => {
    await using directory = await temporaryDirectory()
    const { path } = directory
    const group = (name: string, accessLog: string) => ({ bind: `unix:${path}/${name}.sock`, accessLog })
    await using server = await startArbiter({
      settings: {
        accessLog: `${path}/shared.log`,
        groups: {
          web: group('web', `${path}/web.log`),
          api: group('api', ''),
          rest: { bind: `unix:${path}/rest.sock` },
        },
      },
    })
    await server.waitForOutput(/^serving/m)
    for (const name of ['web', 'api', 'rest']) await askWho(`unix:${path}/${name}.sock`)
    await server.stop()
    expect(targetsIn(`${path}/web.log`)).toEqual(['/'])
    expect(targetsIn(`${path}/shared.log`)).toEqual(['/'])
    expect(existsSync(`${path}/api.log`)).toBe(false)
  })
})

describe('an access log that cannot be written', () => {
  it('is an error at the start that names the file, and nothing is served', async () => {
    await using server = await runArbiter({ accessLog: '/nowhere/access.log' })
    expect((await server.exited).code).toBe(1)
    expect(server.output).toMatch(
      /^LOG_FAILED: The access log \/nowhere\/access\.log could not be opened: ENOENT/m,
    )
    expect(server.output).not.toContain('Listening at')
  })

  it('costs its lines, is said once for each worker, and fails no request', async () => {
    await using server = await runArbiter({ accessLog: '/dev/full', workers: 1 })
    const url = await servingAt(server)
    await askAll(url, 0, 20)
    await server.waitForOutput(
      /ERROR: The access log \/dev\/full cannot be written; its lines are dropped worker=1 gen=0/,
    )
    await askAll(url, 20, 40)
    expect((await server.stop()).code).toBe(0)
    expect(server.output.match(/cannot be written/g)).toHaveLength(1)
    expect(server.output).toMatch(/ERROR: \d+ lines of the access log \/dev\/full are lost/)
  })

  it('after a rotation is written on where it was', async () => {
    await using directory = await temporaryDirectory()
    await using logs = await temporaryDirectory()
    const accessLog = `${logs.path}/access.log`
    await using server = await runArbiter({ accessLog, workers: 1 })
    const url = await servingAt(server)
    renameSync(accessLog, `${directory.path}/moved.log`)
    rmSync(logs.path, { recursive: true })
    server.signal('SIGUSR1')
    await server.waitForOutput(/could not be reopened; the old file is written on/)
    await ask(url)
    await server.stop()
    expect(targetsIn(`${directory.path}/moved.log`)).toEqual(['/'])
  })
})

const nobody = accountOf('nobody') ?? { uid: -1 }

function withRoot(): void {
  it('own the access log that was made for them, also after a rotation', async () => {
    await using copy = await publicCopy()
    await using logs = await temporaryDirectory()
    const accessLog = `${copy.path}/access.log`
    const settings = {
      bind: `unix:${copy.path}/app.sock`,
      user: 'nobody',
      accessLog,
      workers: 1,
      logLevel: 'debug',
    }
    await using server = await startArbiter({ directory: copy.fixtures, settings })
    await server.waitForOutput(/^serving/m)
    expect(statSync(accessLog).uid).toBe(nobody.uid)
    renameSync(accessLog, `${logs.path}/old.log`)
    server.signal('SIGUSR1')
    await opened(server, 1)
    await askWho(`unix:${copy.path}/app.sock`)
    await server.stop()
    expect(statSync(accessLog).uid).toBe(nobody.uid)
    expect(targetsIn(accessLog)).toEqual(['/'])
    await expect.poll(() => bootedPids(server).filter(isAlive)).toEqual([])
  })
}

if (isRoot) describe('workers of another user', withRoot)
else console.log('not root: access logs of workers of another user are not tested')
