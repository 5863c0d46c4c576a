import { expect, test } from 'vitest'
import { reasonOfWorker } from '../../../src/supervision/reason.js'

test.each([
  ['max-requests: 40 requests served', 'max-requests'],
  ['timeout: a request took longer than 30 s', 'timeout'],
  ['signal', 'signal'],
  ['a listener could not be resumed', 'other'],
  ['leak: it has 500 timers', 'other'],
  ['__proto__: x', 'other'],
  ['', 'other'],
])(
  'a worker that wants to go because "%s" has a reason of the kind %s, and its words are kept',
  (text, kind) => {
    expect(reasonOfWorker(text)).toEqual({ kind, text })
  },
)
