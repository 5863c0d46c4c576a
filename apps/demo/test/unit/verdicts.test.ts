import { expect, test } from 'vitest'
import {
  blockedVerdict,
  brokenVerdict,
  deployVerdict,
  leakVerdict,
  lostVerdict,
  quickVerdict,
  stackLines,
} from '../../src/page/tour/verdicts.js'
import type { LaneSummary } from '../../src/shared/progress.js'
import { at, statusOf } from './statuses.js'

const stack = `Error
    at compute (file:///home/somebody/tunicorn/apps/demo/src/work/do-work.ts:53:30)
    at /home/somebody/tunicorn/packages/worker-asgi/dist/index.js:58:28
    at doWork (file:///home/somebody/tunicorn/apps/demo/src/work/do-work.ts:40:3)`

const summary: LaneSummary = { lane: 'web', answered: 12, failed: 0, lost: 0, processes: 12, mostLeaked: 1 }

test('what was lost counts without what was sent to end its worker', () => {
  const answered = new Map([
    ['isolated', 3],
    ['web', 20],
  ] as const)
  const verdict = lostVerdict({ answered, failed: 0, lost: 1 })
  expect(verdict).toMatchObject({ figure: '0', isGood: true })
  expect(verdict.text).toMatch(/^of 23 requests; besides 1 .*sync 3, event-loop 20, thread-pool 0/)
  expect(lostVerdict({ answered, failed: 2, lost: 0 })).toMatchObject({ figure: '2', isGood: false })
})

test('a deploy is good when it is done and nothing failed meanwhile', () => {
  const done = statusOf([], { generation: 3, lastReload: { result: 'done', at, error: null } })
  expect(deployVerdict(done, 2_340, { answered: 8, failed: 0 })).toEqual({
    figure: '0 failed',
    text: 'Generation 3 serves after 2.3 s; 8 requests answered meanwhile.',
    isGood: true,
  })
  expect(deployVerdict(done, 2_340, { answered: 8, failed: 1 }).isGood).toBe(false)
  const error = { code: 'RELOAD_FAILED', message: 'no' }
  const failed = statusOf([], { lastReload: { result: 'failed', at, error } })
  expect(deployVerdict(failed, 2_340, { answered: 8, failed: 0 }).isGood).toBe(false)
})

test('a broken deploy is to fail, and what serves is to go on', () => {
  const message =
    'The running generation is kept: Release 3 is broken: it was deployed to show; The app `./dist/web.js` could not be loaded: no'
  const failed = statusOf([], {
    generation: 1,
    lastReload: { result: 'failed', at, error: { code: 'RELOAD_FAILED', message } },
  })
  expect(brokenVerdict(failed, 1, { answered: 8, failed: 0 })).toEqual({
    figure: 'old code goes on',
    text: 'Generation 1 serves, 0 failed. Release 3 is broken: it was deployed to show',
    isGood: true,
  })
  const done = statusOf([], { lastReload: { result: 'done', at, error: null } })
  expect(brokenVerdict(done, 1, { answered: 8, failed: 0 }).isGood).toBe(false)
})

test('a blocked worker is named by the function that blocks it, with file and line', () => {
  const facts = { worker: { age: 1, pid: 2 }, state: 'running', stack, requests: [] } as const
  const load = { answered: 5, failed: 0 }
  const verdict = blockedVerdict({ stack: facts, endedMs: 4_100, load })
  expect(verdict).toMatchObject({ figure: 'compute()', isGood: true })
  expect(verdict.text).toMatch(/^src\/work\/do-work\.ts:53\. Ended after 4\.1 s\. 5 requests that came/)
  const none = { ...facts, state: 'native', stack: '' } as const
  expect(blockedVerdict({ stack: none, endedMs: 4_100, load })).toMatchObject({
    figure: 'no stack: native',
    isGood: false,
  })
  expect(stackLines(stack).slice(1, 3)).toEqual([
    'at compute (src/work/do-work.ts:53:30)',
    'at worker-asgi/dist/index.js:58:28',
  ])
})

test('a leak has stayed nowhere when each process has leaked once and ended', () => {
  expect(leakVerdict(summary)).toMatchObject({ figure: '0 MB kept', isGood: true })
  expect(leakVerdict({ ...summary, processes: 4, mostLeaked: 3 })).toMatchObject({
    figure: '16 MB kept',
    isGood: false,
  })
})

test('how much quicker is the ratio of the two p99', () => {
  const of = (p99Ms: number): LaneSummary => ({ ...summary, latency: { p50Ms: 1, p99Ms } })
  expect(quickVerdict(of(200), of(6))).toMatchObject({ figure: '33 × faster', isGood: true })
  expect(quickVerdict(of(5), of(6))).toMatchObject({ figure: '0.8 × faster', isGood: false })
  expect(quickVerdict(summary, summary)).toMatchObject({ figure: '–', isGood: false })
})
