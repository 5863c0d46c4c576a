/** What operators see of refused requests. */
import { rawExchange, servingUrl, startTunicorn } from '@tunicorn/harness'
import { expect, test } from 'vitest'
import { request } from '../policy/row.js'
import { subjectArgs, subjects } from '../policy/subject.js'

const classes = subjects.filter(({ kind }) => kind !== 'fetch')

test.each(classes)('$workerClass counts what it refuses', async subject => {
  await using server = await startTunicorn({
    cwd: new URL('../policy/apps/', import.meta.url).pathname,
    args: [...subjectArgs(subject, 'usual'), '--admin', ':0'],
  })
  const url = await servingUrl(server)
  const [, admin] = await server.waitForOutput(/Admin at: ([^\s"]+)/)
  const answer = await rawExchange(url, request('GET / HTTP/1.1'))
  expect(answer.toString('latin1')).toMatch(/^HTTP\/1\.1 400 /)
  const counted = async (): Promise<string | undefined> =>
    /^tunicorn_requests_refused_total\{.*reason="host".*\} (.*)$/m.exec(
      await (await fetch(`${admin}/metrics`)).text(),
    )?.[1]
  await expect.poll(counted).toBe('1')
})
