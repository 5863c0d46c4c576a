/** A CPU quota is not silence. */
import { mkdirSync, rmdirSync, writeFileSync } from 'node:fs'
import { startProcess, testNode } from '@tunicorn/harness'
import { expect, it } from 'vitest'
import { ask, fixtures, servingAt } from '../support/run-arbiter.js'

/** A control group of its own; `undefined` where this process may not make one. */
function controlGroup(): ({ readonly path: string; limit(share: number): void } & Disposable) | undefined {
  const name = `tunicorn-test-${process.pid}`
  for (const [folder, quota] of [
    ['/sys/fs/cgroup/cpu', 'cpu.cfs_quota_us'],
    ['/sys/fs/cgroup', 'cpu.max'],
  ] as const) {
    const path = `${folder}/${name}`
    try {
      mkdirSync(path)
      writeFileSync(`${path}/${quota}`, '100000')
    } catch {
      continue
    }
    return {
      path,
      limit: share => writeFileSync(`${path}/${quota}`, String(share * 100_000)),
      [Symbol.dispose]: () => rmdirSync(path),
    }
  }
  return undefined
}

it('a worker that a quota keeps from running is neither killed nor called blocked', async () => {
  using group = controlGroup()
  if (!group)
    return console.log('no control group can be made here: only the unit tests have looked at quotas')
  const config = {
    ...{ chdir: fixtures, app: './app.mjs', workerClass: './plain-class.mjs', workers: 1, timeout: 3 },
    ...{ bind: '127.0.0.1:0', logFormat: 'text', canarySeconds: 0 },
  }
  const command = 'echo $$ > "$0" && exec "$@"'
  const args = [`${group.path}/cgroup.procs`, testNode(), `${fixtures}run.mjs`, JSON.stringify(config)]
  await using server = await startProcess('sh', ['-c', command, ...args], { cwd: fixtures })
  const url = await servingAt(server)
  const { pid } = await ask(url)
  group.limit(0.1)
  // 0.45 s of a processor, which take 4.5 s.
  expect((await ask(`${url}/burn`)).pid).toBe(pid)
  expect(server.output).not.toMatch(/WORKER TIMEOUT|event loop is blocked/)
  group.limit(1)
  await server.stop()
})
