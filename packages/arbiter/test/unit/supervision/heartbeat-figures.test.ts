import { expect, test } from 'vitest'
import { parseFromHost } from '../../../src/protocol/guard.js'
import { applyMessage } from '../../../src/supervision/events.js'
import { buildSample } from './build-sample.js'
import { buildState } from './build-state.js'

test('a figure that a heartbeat leaves out is what it was before, and 0 before the first', () => {
  const state = buildState({ workers: 1 }, [{ state: 'serving' }])
  const [row] = state.table.rows()
  const beat = (
    figures: { readonly rss?: number; readonly connections?: number },
    requests: number,
  ): unknown => {
    const { rss: _rss, connections: _connections, ...sample } = buildSample({ requests })
    const message = parseFromHost({ type: 'heartbeat', sample: { ...sample, ...figures } })
    if (row === undefined || message === undefined) throw new Error('there is no worker, or no heartbeat')
    applyMessage(state, row, message, requests)
    return row.sample
  }
  expect(beat({}, 1)).toMatchObject({ rss: 0, connections: 0, requests: 1 })
  expect(beat({ rss: 7, connections: 3 }, 2)).toMatchObject({ rss: 7, connections: 3, requests: 2 })
  expect(beat({}, 3)).toMatchObject({ rss: 7, connections: 3, requests: 3 })
})
