/** More requests than the app may work on at a time, on every worker class, over HTTP/1.1 and HTTP/2. */
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { type ClientHttp2Session, connect } from 'node:http2'
import { join } from 'node:path'
import { type RunningProcess, servingUrl, startTunicorn, temporaryDirectory } from '@tunicorn/harness'
import { RawClient } from '@tunicorn/harness/vitest'
import { expect, test, vi } from 'vitest'
import { type Subject, subjectArgs, subjects } from '../policy/subject.js'

const cwd = new URL('../policy/apps/', import.meta.url).pathname
const limits = ['--max-concurrency', '1', '--max-queue', '1', '--access-logfile', '-', '--admin', ':0']
const access = ['--access-logformat', '%(U)s %(s)s']

/** A worker of `sync` has one request anyway, and the others are in the queue of the kernel. */
const concurrent = subjects.filter(({ workerClass }) => workerClass !== 'sync')

function start(subject: Subject, more: readonly string[] = []): Promise<RunningProcess> {
  return startTunicorn({ cwd, args: [...subjectArgs(subject, 'usual'), ...limits, ...access, ...more] })
}

/** Reads metrics until one of them has the value. */
async function until(server: RunningProcess, metric: RegExp, value: string): Promise<void> {
  const [, admin] = await server.waitForOutput(/Admin at: ([^\s"]+)/)
  const read = async (): Promise<string | undefined> =>
    metric.exec(await (await fetch(`${admin}/metrics`)).text())?.[1]
  await expect.poll(read).toBe(value)
}

const running = /^tunicorn_worker_stat\{.*name="requestsRunning".*\} (.*)$/m
const waiting = /^tunicorn_worker_stat\{.*name="queueLength".*\} (.*)$/m
const refused = /^tunicorn_requests_refused_total\{.*reason="overload".*\} (.*)$/m

test.each(concurrent.filter(({ kind }) => kind !== 'fetch'))(
  '$workerClass lets a request wait for another, refuses a third and tells of it',
  async subject => {
    await using directory = await temporaryDirectory()
    const file = join(directory.path, 'go')
    await using server = await start(subject)
    const port = Number(new URL(await servingUrl(server)).port)
    const [first, second, third] = [
      await RawClient.connect(port),
      await RawClient.connect(port),
      await RawClient.connect(port),
    ]
    // Only one that a worker has answered is known to be accepted.
    for (const client of [first, second, third]) await client.get('/probe').until(/probe/)
    first.get(`/hold?file=${file}`)
    await until(server, running, '1')
    second.get('/second')
    await until(server, waiting, '1')
    await third
      .get('/third')
      .until(/ 503 Service Unavailable\r\n.*retry-after: 1\r\n.*Service Unavailable$/is)
    await writeFile(file, '')
    await Promise.all([first.until(/\bok\b/), second.until(/\bok\b/)])
    await third.get(`/seen?port=${third.socket.localPort}`).until(/\[\]/)
    await server.waitForOutput(/\/third 503/)
    await server.waitForOutput(/"reason":"overload","status":503,"limit":"maxQueue"/)
    await until(server, refused, '1')
    await until(server, waiting, '0')
  },
)

async function connected(url: string): Promise<ClientHttp2Session> {
  const session = connect(url)
  await once(session, 'connect')
  return session
}

function ask(session: ClientHttp2Session, path: string): Promise<readonly [number, unknown]> {
  return new Promise((resolve, reject) => {
    const stream = session.request({ ':path': path })
    stream.once('response', fields => resolve([Number(fields[':status']), fields['retry-after']]))
    stream.once('error', reject).resume()
  })
}

test.each(concurrent.filter(({ workerClass }) => workerClass !== 'thread-pool'))(
  '$workerClass does the same with streams of HTTP/2 for an app of kind $kind',
  async subject => {
    await using directory = await temporaryDirectory()
    const file = join(directory.path, 'go')
    await using server = await start(subject, ['--http2', 'on', '-b', 'h2c://127.0.0.1:0'])
    await servingUrl(server)
    const [, url = ''] = await server.waitForOutput(/Listening at: .*\n.*Listening at: (\S+) /)
    // Both are opened by the worker, one after the other.
    const session = await vi.waitFor(() => connected(url), { timeout: 20_000 })
    const first = ask(session, `/hold?file=${file}`)
    const second = ask(session, '/second')
    const third = ask(session, '/third')
    expect(await third).toEqual([503, '1'])
    await writeFile(file, '')
    expect(await Promise.all([first, second])).toEqual([
      [200, undefined],
      [200, undefined],
    ])
    session.destroy()
  },
)
