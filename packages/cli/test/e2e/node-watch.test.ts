/** Under `node --watch`, which asks every process below it to name its modules. */
import { servingUrl, startProcess, testNode, tunicornMain } from '@tunicorn/harness'
import { expect, test } from 'vitest'
import { apps, usual } from './support/served.js'

test('the command serves under `node --watch`', async () => {
  await using running = await startProcess(
    testNode(),
    ['--watch', tunicornMain, './plain-handler.js', ...usual],
    { cwd: apps },
  )
  expect((await fetch(await servingUrl(running))).status).toBe(200)
  await running.stop('SIGTERM')
  expect(running.output).toContain('Shutting down')
})
