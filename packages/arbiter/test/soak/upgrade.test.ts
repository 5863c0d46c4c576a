import { writeFile } from 'node:fs/promises'
import { bootedPids, Successors, temporaryDirectory } from '@tunicorn/harness'
import { expect, it } from 'vitest'
import { fixtures, runArbiter, servingAt } from '../support/run-arbiter.js'

const app = `
export default (request, response) => {
  console.log('began in ' + process.pid)
  setTimeout(() => response.end(String(process.pid)), 4_300)
}
`

it('a stop in the window of an upgrade gives the workers of the new arbiter drainDelay and gracefulTimeout, too', async () => {
  await using directory = await temporaryDirectory()
  await writeFile(`${directory.path}/app.mjs`, app)
  await using server = await runArbiter({
    chdir: directory.path,
    workerClass: `${fixtures}plain-class.mjs`,
    workers: 1,
    canarySeconds: 60,
    drainDelay: 4,
    gracefulTimeout: 2,
  })
  using _successors = new Successors(server)
  const url = await servingAt(server)
  server.signal('SIGUSR2')
  await server.waitForOutput(/The new arbiter serves beside the one before/)
  const newest = bootedPids(server).at(-1)
  const answers: Promise<string>[] = []
  while (!server.output.includes(`began in ${newest}`)) {
    answers.push(fetch(url, { headers: { connection: 'close' } }).then(response => response.text()))
    await server.waitForTimes('began in', answers.length)
  }
  expect((await server.stop('SIGTERM')).code).toBe(0)
  expect(await Promise.all(answers)).toContain(String(newest))
  await server.closed
})
