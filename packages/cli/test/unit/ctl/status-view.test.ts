import type { AutoscaleStatus, ServerStatus, WorkerStatus } from '@tunicorn/arbiter/control'
import { describe, expect, it } from 'vitest'
import { type Paints, statusView } from '../../../src/ctl/status-view.js'

const now = Date.parse('2030-01-01T12:00:00.000Z')
const ago = (seconds: number): string => new Date(now - seconds * 1_000).toISOString()

const worker = (changes: Partial<WorkerStatus>): WorkerStatus => ({
  age: 1,
  generation: 0,
  slot: 0,
  pid: 4001,
  state: 'serving',
  reason: null,
  startedAt: ago(7_500),
  lastSeenAt: ago(0.5),
  inFlight: 0,
  connections: 0,
  gauges: {},
  requests: 120,
  rss: 57_671_680,
  eventLoopUtilization: 0.074,
  eventLoopDelayP99: 12.3,
  busySince: null,
  requestsInFlight: [],
  ...changes,
})

const status: ServerStatus = {
  api: 1,
  arbiter: {
    pid: 4000,
    version: '1.2.3',
    nodeVersion: 'v20.0.0',
    generation: 1,
    state: 'serving',
    startedAt: ago(90_000),
    rss: 60_817_408,
    lastReload: {
      result: 'failed',
      at: ago(200),
      error: { code: 'RELOAD_FAILED', message: 'it broke\nmore' },
    },
  },
  groups: [
    {
      name: 'web',
      workerClass: 'event-loop',
      app: './web.js',
      bind: ['http://127.0.0.1:8000'],
      certificates: [],
      target: 3,
      autoscale: null,
      workers: [
        worker({
          inFlight: 2,
          connections: 5,
          busySince: ago(12),
          requestsInFlight: [{ method: 'GET', target: '/a\u001b[31m/slow', startedAt: ago(12), id: null }],
        }),
        worker({ age: 2, pid: 4002, lastSeenAt: ago(8) }),
        worker({
          age: 3,
          pid: 4003,
          state: 'draining',
          reason: { kind: 'reload', text: 'a new generation has taken over' },
        }),
      ],
      exits: [
        exit(9, 'signal', 'was ended by SIGKILL, which the arbiter did not send', false),
        exit(8, 'max-requests', 'exited with code 0 (40 requests)', true),
        exit(7, 'max-requests', 'exited with code 0 (40 requests)', true),
      ],
    },
    {
      name: 'api',
      workerClass: 'sync',
      app: './api.js',
      bind: [],
      certificates: [],
      target: 1,
      autoscale: null,
      workers: [],
      exits: [],
    },
  ],
}

function exit(age: number, kind: string, text: string, isOrderly: boolean) {
  return { pid: 3_000 + age, age, generation: 0, reason: { kind, text }, isOrderly, at: ago(60) }
}

const same = (text: string): string => text
const plain: Paints = { bold: same, dim: same, green: same, yellow: same, red: same }
const marked: Paints = { ...plain, red: text => `<red>${text}</red>` }

describe('the status on a terminal', () => {
  it('shows all of it where there is room', () => {
    expect(statusView(status, { now, width: 140, paint: plain })).toMatchInlineSnapshot(`
      "tunicorn 1.2.3  pid 4000  serving  generation 1  up 1 d 1 h  arbiter 58 MiB
      last reload FAILED 3 m 20 s ago: it broke

      web  2/3 serving  event-loop  ./web.js  http://127.0.0.1:8000
        WORKER   PID  GEN  STATE                     UP  IN FLIGHT  REQUESTS  CONN  MEMORY  LOOP  DELAY  LONGEST REQUEST
             1  4001    0  serving              2 h 5 m          2       120     5  55 MiB   7 %  12 ms  12 s  GET /a�[31m/slow
             2  4002    0  serving, silent 8 s  2 h 5 m          0       120     0  55 MiB   7 %  12 ms
             3  4003    0  draining (reload)    2 h 5 m          0       120     0  55 MiB   7 %  12 ms
        last exits
          1 m 0 s ago  worker 9 (pid 3009) was ended by SIGKILL, which the arbiter did not send
          1 m 0 s ago  worker 8 (pid 3008) exited with code 0 (40 requests); and 1 before it: max-requests

      api  0/1 serving  sync  ./api.js
        no workers
      "
    `)
  })

  it('shows less of each worker on a narrow terminal, and no line is longer', () => {
    const text = statusView(status, { now, width: 80, paint: plain })
    expect(text).toMatchInlineSnapshot(`
      "tunicorn 1.2.3  pid 4000  serving  generation 1  up 1 d 1 h  arbiter 58 MiB
      last reload FAILED 3 m 20 s ago: it broke

      web  2/3 serving  event-loop  ./web.js  http://127.0.0.1:8000
        WORKER   PID  GEN  STATE                     UP  IN FLIGHT  MEMORY  LOOP
             1  4001    0  serving              2 h 5 m          2  55 MiB   7 %
                12 s  GET /a�[31m/slow
             2  4002    0  serving, silent 8 s  2 h 5 m          0  55 MiB   7 %
             3  4003    0  draining (reload)    2 h 5 m          0  55 MiB   7 %
        last exits
          1 m 0 s ago  worker 9 (pid 3009) was ended by SIGKILL, which the arbiter di…
          1 m 0 s ago  worker 8 (pid 3008) exited with code 0 (40 requests); and 1 be…

      api  0/1 serving  sync  ./api.js
        no workers
      "
    `)
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
  })

  it('paints red what somebody should look at', () => {
    const text = statusView(status, { now, width: 140, paint: marked })
    expect([...text.matchAll(/<red>(.*?)<\/red>/g)].map(match => match[1]?.trim())).toEqual([
      'last reload FAILED 3 m 20 s ago: it broke',
      '2/3 serving',
      'serving, silent 8 s',
      '1 m 0 s ago  worker 9 (pid 3009) was ended by SIGKILL, which the arbiter did not send',
      '0/1 serving',
    ])
  })

  const autoscale: AutoscaleStatus = {
    min: 1,
    max: 4,
    isOn: true,
    load: 2.4,
    changedAt: ago(75),
    reason: { kind: 'load', text: '2 workers are 93 % busy' },
    isShortOfMemory: false,
  }

  /** The line of a group about why it has so many workers. */
  function scalingOf(changes: Partial<AutoscaleStatus>): string | undefined {
    const [group] = status.groups
    if (!group) throw new Error('there is no group')
    const groups = [{ ...group, autoscale: { ...autoscale, ...changes } }]
    return statusView({ ...status, groups }, { now, width: 140, paint: marked }).split('\n')[4]
  }

  it('says why there are so many workers, where their load decides', () => {
    expect(scalingOf({})).toBe('  autoscale  1 to 4  load 2.4  since 1 m 15 s: 2 workers are 93 % busy')
    expect(scalingOf({ isShortOfMemory: true })).toBe(
      '<red>  autoscale  1 to 4  load 2.4  since 1 m 15 s: 2 workers are 93 % busy; no room for more in maxRssTotal</red>',
    )
    const reason = { kind: 'hand', text: 'scaled by hand' }
    expect(scalingOf({ isOn: false, reason })).toBe(
      '  autoscale  1 to 4  off until the next reload: scaled by hand',
    )
  })
})
