import { describe, test } from 'vitest'
import { countRequests, lives } from '../runs/counts.js'
import { endProcesses, keepResponsesUnread, throwAfterResponses } from '../runs/misbehaviour.js'
import { serveAtOnce, serveByFreshProcesses, startAsManyAsNeeded } from '../runs/processes.js'
import { kill, recycle, reload, reloadSlowBoot } from '../runs/supervision.js'

describe('processes', () => {
  test('200 requests are served by 200 processes, and each finds its process untouched', () =>
    serveByFreshProcesses(200))

  test('of 100 requests at once to 3 workers, 3 are served at a time', () => serveAtOnce(100, []))

  test('a process is started for each of 60 requests that has ended, and not before', () =>
    startAsManyAsNeeded(60))
})

describe('misbehaviour', () => {
  test('20 handlers that end their process cost their own request', () => endProcesses(10))

  test('10 handlers that throw after their response cost nobody a response', () => throwAfterResponses(10))

  test('50 clients that do not read their responses do not keep others from theirs', () =>
    keepResponsesUnread(50))
})

describe('under load', () => {
  test('5 reloads lose no request, and the new generation serves', () => reload(5))

  test('a reload ends of an app that takes a second to boot for each request', reloadSlowBoot)

  test('recycling 20 workers loses no request', () => recycle(20))

  test('12 spares and workers that are killed cost only what they had in their hands', () => kill(12))
})

test.each(lives)('%s: each of 60 requests is counted exactly once', (_name, args) => countRequests(60, args))
