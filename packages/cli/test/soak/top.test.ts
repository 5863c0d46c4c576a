/** What takes a while on the screen of `tunicorn top`. */
import { readdir, readFile, stat } from 'node:fs/promises'
import { startInTerminal, testNode, tunicornMain } from '@tunicorn/harness'
import { expect, it } from 'vitest'
import { rig } from '../integration/rig.js'

it('a profile that `tunicorn top` has taken is a file for its user alone', async () => {
  await using bench = await rig()
  await bench.serve()
  await using terminal = await startInTerminal([testNode(), tunicornMain, 'top'], {
    cwd: bench.project.path,
    env: bench.env,
    steps: [
      ['1/1 serving', 'p'],
      ['Written: worker-1-', 'q'],
    ],
  })
  expect(await terminal.closed, terminal.output).toEqual({ code: 0, signal: null })
  const [name = ''] = (await readdir(bench.project.path)).filter(each => each.endsWith('.cpuprofile'))
  expect(terminal.output).toContain(`Written: ${name}`)
  const path = `${bench.project.path}/${name}`
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ nodes: expect.any(Array) })
})
