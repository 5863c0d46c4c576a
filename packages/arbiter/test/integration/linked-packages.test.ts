import { realpath } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { publicCopy, startArbiter } from '../support/start-arbiter.js'

test('a look at an output that is no file leaves the module loader as it was: a linked package is where it is', async () => {
  await using copy = await publicCopy()
  const settings = { bind: `unix:${copy.path}/app.sock` }
  await using server = await startArbiter({
    directory: copy.fixtures,
    runner: 'run-and-resolve.mjs',
    settings,
  })
  const [, found] = await server.waitForOutput(/^found (.*)$/m)
  expect((await server.exited).code).toBe(0)
  expect(found).toContain(pathToFileURL(await realpath(`${copy.path}/node_modules`)).href)
})
