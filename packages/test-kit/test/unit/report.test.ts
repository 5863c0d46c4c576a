import { expect, test } from 'vitest'
import { type ClauseResult, formatReport, formatResult } from '../../src/suite/report.js'

const passed: ClauseResult = { id: 'WC-101', title: 'WC-101: a', isRefusal: false, status: 'passed', ms: 1 }
const refusal: ClauseResult = { id: 'WC-308', title: 'WC-308: b', isRefusal: true, status: 'passed', ms: 1 }
const failed: ClauseResult = {
  id: 'WC-310',
  title: 'WC-310: c',
  isRefusal: false,
  status: 'failed',
  ms: 2_500,
  error: new Error('too much\nand more'),
}

test('a class that keeps every clause conforms, in one line', () => {
  expect(formatReport({ name: 'mine', results: [passed, refusal] })).toBe(
    'mine conforms to WorkerClass contract 1 (2 clauses, 1 as refusals)',
  )
})

test('a class that breaks a clause does not conform, and the report names it and the reason', () => {
  expect(formatReport({ name: 'mine', results: [passed, failed] })).toBe(
    'mine does not conform to WorkerClass contract 1: 1 of 2 clauses failed\n  WC-310: c\n    too much\n    and more',
  )
})

test('a class with expected failures does not conform yet', () => {
  const expectedFailures = { 'WC-310': 'buffers' }
  expect(formatReport({ name: 'mine', results: [passed], expectedFailures })).toBe(
    'mine does not conform to WorkerClass contract 1 yet (1 clauses hold; expected to fail: WC-310: buffers)',
  )
})

test('a clause that was played is one line with the time that it took', () => {
  expect([passed, failed].map(formatResult)).toEqual(['ok WC-101: a (0.00 s)', 'FAILED WC-310: c (2.50 s)'])
})
