import type { LogFields } from '@tunicorn/arbiter/worker'
import { expect, test } from 'vitest'
import { RefusalReport } from '../../src/service/refusal-report.js'
import { requestWith } from '../support/request-with.js'

const host = { status: 400, reason: 'host' } as const
const fields = { status: 431, reason: 'fields', limit: 'limitRequestFields' } as const

function setUp() {
  const lines: LogFields[] = []
  const counted: string[] = []
  const clock = { now: 0 }
  const ignore = (): void => {}
  const log = {
    debug: ignore,
    info: (_: string, more: LogFields = {}) => void lines.push(more),
    warn: ignore,
    error: ignore,
  }
  const report = new RefusalReport({
    log,
    refused: reason => void counted.push(reason),
    now: () => clock.now,
  })
  const { socket } = requestWith({ remoteAddress: '203.0.113.7' })
  return {
    lines,
    counted,
    clock,
    tell: (refusal: typeof host | typeof fields) => report.tell(refusal, socket),
  }
}

test('each reason has one line a second, which says how many were left out, and every refusal is counted', () => {
  const { lines, counted, clock, tell } = setUp()
  for (const now of [0, 1, 999]) {
    clock.now = now
    tell(host)
  }
  tell(fields)
  clock.now = 1000
  tell(host)
  expect(lines).toEqual([
    expect.objectContaining({ reason: 'host', status: 400 }),
    expect.objectContaining({ reason: 'fields', status: 431, limit: 'limitRequestFields' }),
    expect.objectContaining({ reason: 'host', omitted: 2 }),
  ])
  expect(lines[0]).not.toHaveProperty('omitted')
  expect(counted).toEqual(['host', 'host', 'host', 'fields', 'host'])
})
