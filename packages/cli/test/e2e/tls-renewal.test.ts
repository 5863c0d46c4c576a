/** Certificates that run out: who is told, and how they are renewed in workers that serve. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { type TemporaryDirectory, temporaryDirectory, tunicornMain } from '@tunicorn/harness'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Authority, createAuthority } from './support/certificates.js'
import { serve } from './support/served.js'

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
