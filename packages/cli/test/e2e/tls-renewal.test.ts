/** Certificates that run out: who is told, and how they are renewed in workers that serve. */
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, readFile, writeFile } from 'node:fs/promises'
import { Agent, request } from 'node:https'
import { promisify } from 'node:util'
import { type TemporaryDirectory, temporaryDirectory, tunicornMain } from '@tunicorn/harness'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Authority, createAuthority } from './support/certificates.js'
import { serve } from './support/served.js'
import { askSecurely } from './support/tls-client.js'

const run = promisify(execFile)

let directory: TemporaryDirectory
let authority: Authority

beforeAll(async () => {
  directory = await temporaryDirectory()
  authority = await createAuthority(directory.path)
})

afterAll(() => directory[Symbol.asyncDispose]())

test('a certificate that expires soon is told of in the log, in the status and in the metrics', async () => {
  const soon = await authority.issue('soon', { names: ['soon.test', 'www.soon.test'], days: 5 })
  const later = await authority.issue('later', { names: ['later.test'], days: 90 })
  const control = `${directory.path}/control.sock`
  const args = [
    ...['--certfile', soon.certfile, '--keyfile', soon.keyfile],
    ...['--certificate', `${later.certfile},${later.keyfile}`],
    ...['--control', control, '--admin', '127.0.0.1:0'],
  ]
  await using served = await serve('./secure.js:node', { args })
  await served.running.waitForOutput(/certificate for soon\.test \(\S+\) expires in 4 days/)
  expect(served.output).not.toContain('later.test')
  expect(served.output.match(/soon\.test \(\S+\) expires/g)).toHaveLength(1)

  const ctl = (...order: string[]) =>
    run(process.execPath, [tunicornMain, 'ctl', '--control', control, ...order])
  const { groups } = JSON.parse((await ctl('status', '--json')).stdout)
  expect(groups[0].certificates).toEqual([
    { name: 'soon.test', expiresAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) },
    { name: 'later.test', expiresAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) },
  ])
  const text = (await ctl('status')).stdout
  expect(text).toMatch(/certificates {2}soon\.test 4 d \d+ h {2}later\.test 89 d \d+ h/)

  const admin = /admin[^\n]*(http:\/\/127\.0\.0\.1:\d+)/i.exec(served.output)?.[1]
  const metrics = await (await fetch(`${admin}/metrics`)).text()
  const expiresAt = Date.parse(groups[0].certificates[0].expiresAt) / 1_000
  expect(metrics).toContain(
    `tunicorn_certificate_expiry_seconds{group="default",name="soon.test"} ${expiresAt}`,
  )
  expect(metrics).toMatch(/tunicorn_certificate_expiry_seconds\{group="default",name="later\.test"\} \d+/)
  expect(await served.stop()).toEqual({ code: 0, signal: null })
})

test.each(['event-loop', 'thread-pool'])(
  '`certificateReload` swaps certificates in living workers of the class %s, and a bad pair keeps the old',
  async workerClass => {
    const pair = { certfile: `${directory.path}/live.crt`, keyfile: `${directory.path}/live.key` }
    const other = { certfile: `${directory.path}/other.crt`, keyfile: `${directory.path}/other.key` }
    const renew = async (names: readonly string[], to: typeof pair): Promise<void> => {
      const renewed = await authority.issue(names[0] ?? '', { names })
      await copyFile(renewed.keyfile, to.keyfile)
      await copyFile(renewed.certfile, to.certfile)
    }
    await renew(['localhost', '127.0.0.1'], pair)
    await renew(['other.test'], other)
    const args = [
      ...['-k', workerClass, '-w', '1', '--certfile', pair.certfile, '--keyfile', pair.keyfile],
      ...['--certificate', `${other.certfile},${other.keyfile}`, '--certificate-reload', '0.2'],
    ]
    await using served = await serve('./secure.js:node', { args })
    const ca = await readFile(authority.certfile, 'utf8')
    const serials = async (): Promise<readonly string[]> => {
      const byDefault = await askSecurely(served.url, { ca })
      const byName = await askSecurely(served.url, { ca, servername: 'other.test' })
      return [byDefault, byName].map(({ certificate }) => certificate.serialNumber)
    }
    const agent = new Agent({ keepAlive: true, maxSockets: 1, ca })
    const askKept = async (): Promise<{ readonly pid: number; readonly isReused: boolean }> => {
      const req = request(served.url, { agent }).end()
      const [res] = await once(req, 'response')
      let text = ''
      for await (const chunk of res) text += String(chunk)
      return { pid: JSON.parse(text).pid, isReused: req.reusedSocket }
    }
    const { pid } = await askKept()
    const before = await serials()

    await renew(['localhost', '127.0.0.1'], pair)
    await renew(['other.test'], other)
    await expect.poll(async () => (await serials()).filter(each => before.includes(each))).toEqual([])
    expect(await askKept()).toEqual({ pid, isReused: true })

    const now = await serials()
    await writeFile(pair.keyfile, await readFile(other.keyfile))
    await served.running.waitForOutput(
      /"level":"error"[^\n]*The certificates were not renewed, and the old ones stay: Cannot use the certificate \S+live\.crt with the key \S+: the key is not the one of the certificate/,
    )
    expect(await serials()).toEqual(now)
    await renew(['localhost', '127.0.0.1'], pair)
    await expect.poll(async () => (await serials())[0]).not.toBe(now[0])
    expect(await askKept()).toEqual({ pid, isReused: true })
    agent.destroy()
    expect(await served.stop()).toEqual({ code: 0, signal: null })
  },
)
