import { expect, test } from 'vitest'
import type { TextAnswer } from '../../../src/control/route.js'
import { type ProbeSources, probeRoutes } from '../../../src/probes/probe-routes.js'

const healthy: ProbeSources = {
  isAlive: () => true,
  isStarted: () => true,
  readiness: () => ({ isReady: true }),
  renderMetrics: () => Promise.resolve('up 1\n'),
}

async function ask(path: string, sources: Partial<ProbeSources> = {}): Promise<TextAnswer> {
  const route = probeRoutes({ ...healthy, ...sources }).find(candidate => candidate.path === path)
  const call = { query: new URLSearchParams(), body: undefined, signal: AbortSignal.abort() }
  const answer = await route?.handle(call)
  if (answer?.type !== 'text') throw new Error(`${path} has no answer in text`)
  return answer
}

for (const path of ['/livez', '/readyz', '/startupz'])
  test(`${path} of a healthy server is 200`, async () => {
    expect(await ask(path)).toMatchObject({ status: 200, body: '{"ok":true}\n' })
  })

test('each probe fails for its own reason and says so', async () => {
  expect(await ask('/livez', { isAlive: () => false })).toMatchObject({
    status: 503,
    body: '{"ok":false,"reason":"stuck"}\n',
  })
  expect(await ask('/startupz', { isStarted: () => false })).toMatchObject({
    status: 503,
    body: '{"ok":false,"reason":"starting"}\n',
  })
  const readiness = () => ({ isReady: false, reason: 'no-workers', groups: ['web'] }) as const
  expect(await ask('/readyz', { readiness })).toMatchObject({
    status: 503,
    body: '{"ok":false,"reason":"no-workers","groups":["web"]}\n',
  })
  expect(await ask('/livez', { readiness, isStarted: () => false })).toMatchObject({ status: 200 })
})

test('/metrics is the text of the metrics', async () => {
  expect(await ask('/metrics')).toMatchObject({
    status: 200,
    body: 'up 1\n',
    contentType: 'text/plain; version=0.0.4; charset=utf-8',
  })
})

test('no route changes anything', () => {
  expect(new Set(probeRoutes(healthy).map(({ method }) => method))).toEqual(new Set(['GET']))
})
