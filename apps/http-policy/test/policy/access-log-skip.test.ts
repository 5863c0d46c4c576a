/** Requests that operators do not want to read of. */
import { rawExchange, servingUrl, startTunicorn } from '@tunicorn/harness'
import { expect, test } from 'vitest'
import { get } from './row.js'
import { subjectArgs, subjects } from './subject.js'

const [subject] = subjects

test('accessLogSkip keeps requests out of the access log, and not out of the metrics', async () => {
  if (subject === undefined) throw new TypeError('There are no subjects')
  await using server = await startTunicorn({
    cwd: new URL('./apps/', import.meta.url).pathname,
    args: [
      ...subjectArgs(subject, 'usual'),
      ...['--access-logfile', '-', '--access-logformat', '%(r)s end', '--admin', ':0'],
      ...['--access-log-skip', '/healthz,/probes/*', '--access-log-skip', 'kube-probe/'],
    ],
  })
  const url = await servingUrl(server)
  const [, admin] = await server.waitForOutput(/Admin at: ([^\s"]+)/)
  const ask = (target: string, agent: string): Promise<Buffer> =>
    rawExchange(url, get(target, `User-Agent: ${agent}`, 'Connection: close'))
  await ask('/healthz?a', 'curl')
  await ask('/probes/live', 'curl')
  await ask('/', 'kube-probe/1.29')
  await ask('/healthz/b', 'curl')
  await ask('/seen', 'Mozilla kube-probe/')
  await server.waitForOutput(/GET \/seen HTTP\/1\.1 end/)
  expect([...server.output.matchAll(/^GET (\S+) .* end$/gm)].map(([, target]) => target)).toEqual([
    '/healthz/b',
    '/seen',
  ])
  const counted = async (): Promise<string | undefined> =>
    /^tunicorn_requests_total\{.*code="2xx".*\} (.*)$/m.exec(
      await (await fetch(`${admin}/metrics`)).text(),
    )?.[1]
  await expect.poll(counted).toBe('5')
})
