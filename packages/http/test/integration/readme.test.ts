import { readFile } from 'node:fs/promises'
import { LocalListener, type RequestOutcome, type WorkerContext } from '@tunicorn/arbiter/worker'
import { codeIn } from '@tunicorn/harness'
import { request } from 'undici'
import { expect, onTestFinished, test } from 'vitest'
import oneByOne from '../fixtures/one-by-one.js'
import { TestContext } from '../support/test-context.js'

test('the example of the README is the file that is compiled and run here', async () => {
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8')
  const file = await readFile(new URL('../fixtures/one-by-one.ts', import.meta.url), 'utf8')
  expect(codeIn(readme, 'ts')[0]).toBe(file)
})

test('the worker class of the README serves', async () => {
  const listener = new LocalListener()
  const recorded = new TestContext([listener])
  const context: WorkerContext = {
    group: 'default',
    age: 1,
    generation: 0,
    app: {
      url: 'file:///app.js',
      exportName: '',
      kind: 'fetch',
      load: async () => ({ kind: 'fetch', value: { fetch: () => new Response('one') } }),
    },
    listeners: [listener],
    settings: recorded.settings,
    options: {},
    log: recorded.log,
    notify: () => undefined,
    beginRequest: head => recorded.beginRequest(head),
    retire: reason => recorded.retire(reason),
  }
  const worker = await oneByOne.create(context)
  onTestFinished(() => worker.close())
  await worker.boot()
  await worker.serve()
  const { headers, body } = await request(`http://127.0.0.1:${listener.port}`)
  expect(await body.text()).toBe('one')
  expect(headers.connection).toBe('close')
  const sent: RequestOutcome = { type: 'sent', status: 200 }
  expect(await (await recorded.request(0)).outcome()).toEqual(sent)
  await worker.drain(new AbortController().signal)
})
