import { expect, test } from 'vitest'
import { Heartbeat } from '../../../src/host/heartbeat.js'
import { RequestLedger } from '../../../src/host/request-ledger.js'
import type { HeartbeatSample } from '../../../src/protocol/messages.js'
import { noRequests } from '../../../src/protocol/request-figures.js'

const ignored = { begun: () => {}, ended: () => {} }

test('a beat says how requests have ended when that is not what the beat before said', () => {
  const ledger = new RequestLedger(ignored)
  const samples: HeartbeatSample[] = []
  const heartbeat = new Heartbeat(1_000, {
    ledger,
    figures: () => ({}),
    beat: sample => void samples.push(sample),
  })
  heartbeat.beatNow()
  heartbeat.beatNow()
  ledger.begin({ method: 'GET', target: '/' })({ type: 'sent', status: 200 })
  heartbeat.beatNow()
  ledger.refuse('host')
  heartbeat.beatNow()
  heartbeat.beatNow()
  const said = samples.map(({ ended }) => ended && [ended.codes, ended.refused])
  const [, once, refused] = said.filter(each => each !== undefined)
  expect(said).toEqual([[noRequests.codes, noRequests.refused], undefined, once, refused, undefined])
  expect(once).toEqual([noRequests.codes.map((_, index) => (index === 1 ? 1 : 0)), noRequests.refused])
  expect(refused?.[1]).toContain(1)
})
