/** A CPU quota is not silence. */
import { controlGroup, startProcess, testNode } from '@tunicorn/harness'
import { expect, it } from 'vitest'
import { ask, fixtures, servingAt } from '../support/run-arbiter.js'

it('a worker that a quota keeps from running is neither killed nor called blocked', async () => {
  using group = controlGroup('cpu', 100_000)
  if (!group)
    return console.log('no control group can be made here: only the unit tests have looked at quotas')
  const config = {
    ...{ chdir: fixtures, app: './app.mjs', workerClass: './plain-class.mjs', workers: 1, timeout: 5 },
    ...{ bind: '127.0.0.1:0', logFormat: 'text', canarySeconds: 0 },
  }
  const command = 'echo $$ > "$0" && exec "$@"'
  const args = [group.procs, testNode(), `${fixtures}run.mjs`, JSON.stringify(config)]
  await using server = await startProcess('sh', ['-c', command, ...args], { cwd: fixtures })
  const url = await servingAt(server)
  const { pid } = await ask(url)
  group.limit(3_000)
  // 0.25 s of a processor, which take 8 s. A machine that is busy with others may take ten times the former for silence.
  expect((await ask(`${url}/burn`)).pid).toBe(pid)
  expect(server.output).not.toMatch(/WORKER TIMEOUT|event loop is blocked/)
  group.limit(100_000)
  await server.stop()
})
