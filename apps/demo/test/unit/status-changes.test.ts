import type { ServerStatus } from '@tunicorn/arbiter/control'
import { expect, test } from 'vitest'
import { type JournalLine, StatusChanges } from '../../src/page/status-changes.js'
import { at, exitOf, groupOf, statusOf } from './statuses.js'

const killed = { isOrderly: false, reason: { kind: 'signal', text: 'ended by SIGKILL' } }

const linesOf = (before: ServerStatus, ...after: readonly ServerStatus[]): readonly JournalLine[] => {
  const changes = new StatusChanges(before)
  return after.flatMap(status => changes.next(status))
}

test('a worker that did not end as it was told to is named once, and ordinary exits are not', () => {
  const before = statusOf([groupOf({ exits: [exitOf(1, killed)] })])
  const after = statusOf([groupOf({ exits: [exitOf(3), exitOf(2, killed), exitOf(1, killed)] })])
  // In between it was pushed out of the list, and back in.
  expect(linesOf(before, after, statusOf([groupOf({})]), after)).toEqual([
    { level: 'warn', text: 'Worker 102 of isolated has ended: ended by SIGKILL. It is replaced.' },
  ])
})

test('a worker that leaked too much is named with its memory, although it ended as it was told to', () => {
  const reason = { kind: 'max-rss', text: 'exited with code 0 (its memory is 231 MiB, the limit is 220 MiB)' }
  const after = statusOf([groupOf({ exits: [exitOf(2, { reason }), exitOf(1)] })])
  expect(linesOf(statusOf([groupOf({})]), after, after)).toEqual([
    { level: 'plain', text: `Worker 102 of isolated was recycled, its successor ready: ${reason.text}.` },
  ])
})

test('a reload is told when it begins and when it has ended, with the reason if it failed', () => {
  const before = statusOf([])
  const during = statusOf([], { state: 'reloading' })
  const done = statusOf([], { generation: 1, lastReload: { result: 'done', at, error: null } })
  const error = { code: 'RELOAD_FAILED', message: 'Release 3 is broken' }
  const failed = statusOf([], { lastReload: { result: 'failed', at, error } })
  expect(linesOf(before, during, done)).toMatchObject([
    { level: 'plain' },
    { level: 'good', text: expect.stringContaining('generation 1') },
  ])
  expect(linesOf(during, failed, failed)).toMatchObject([
    { level: 'bad', text: expect.stringContaining('Release 3') },
  ])
})

test('a new number of workers is told', () => {
  const lines = linesOf(statusOf([groupOf({ target: 2 })]), statusOf([groupOf({ target: 3 })]))
  expect(lines).toEqual([{ level: 'plain', text: 'isolated is to have 3 workers, it had 2.' }])
})
