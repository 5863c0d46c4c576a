import { defaultWorkerSettings } from '@tunicorn/arbiter/worker'
import { describe, expect, test } from 'vitest'
import { HeadJudge } from '../../src/refusals/head-judge.js'
import { headBytes } from '../../src/server/create-server.js'
import { requestWith } from '../support/request-with.js'

const limits = {
  limitRequestLine: 30,
  limitRequestFields: 2,
  limitRequestFieldSize: 20,
  limitRequestBody: 100,
  headerMap: 'drop',
} as const
const off = {
  limitRequestLine: 0,
  limitRequestFields: 0,
  limitRequestFieldSize: 0,
  limitRequestBody: 0,
  headerMap: 'keep',
} as const

describe('HeadJudge', () => {
  test('lets a request through that is exactly at every limit', () => {
    // `GET`, two spaces and `HTTP/1.1` take 13 of the 30 bytes; a field has two bytes between name and value.
    const headers = { 'content-length': '100', 'x-a': 'v'.repeat(15) }
    expect(
      new HeadJudge(limits).judge(requestWith({ url: '/'.padEnd(17, 'a'), headers })).refusal,
    ).toBeUndefined()
  })

  test.each([
    ['a long line', { url: '/'.padEnd(18, 'a') }, 414],
    ['a long method', { method: 'PROPPATCH', url: '/'.padEnd(12, 'a') }, 414],
    ['too many fields', { headers: { a: '1', b: '2', c: '3' } }, 431],
    ['a long value', { headers: { 'x-a': 'v'.repeat(16) } }, 431],
    ['a long name', { headers: { ['n'.repeat(19)]: '' } }, 431],
    ['a large body', { headers: { 'content-length': '101' } }, 413],
  ])('refuses %s', (_name, parts, status) => {
    expect(new HeadJudge(limits).judge(requestWith(parts)).refusal?.status).toBe(status)
  })

  test('refuses nothing when every limit is off', () => {
    const headers = { a: 'v'.repeat(100_000), b: '', c: '', 'content-length': '1000000000' }
    expect(
      new HeadJudge(off).judge(requestWith({ url: '/'.padEnd(100_000, 'a'), headers })).refusal,
    ).toBeUndefined()
  })
})

describe('headBytes', () => {
  test('is the limit of a whole head', () => {
    expect(headBytes(defaultWorkerSettings)).toBe(65_536)
  })

  test('without one holds the largest head that the other limits allow', () => {
    expect(headBytes({ ...defaultWorkerSettings, limitRequestHead: 0 })).toBe(8190 + 100 * 16384)
  })

  test("is then never below Node's own limit, which alone holds when a limit is off", () => {
    const settings = { ...defaultWorkerSettings, limitRequestHead: 0 }
    const small = { ...settings, limitRequestLine: 10, limitRequestFields: 1, limitRequestFieldSize: 10 }
    expect(headBytes(small)).toBe(16384)
    expect(headBytes({ ...settings, limitRequestFields: 0 })).toBe(8190 + 16384)
    expect(headBytes({ ...settings, ...off })).toBe(2 * 16384)
  })
})
