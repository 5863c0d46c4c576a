/** A server as tests of views show it. */
import type { ServerStatus, WorkerStatus } from '@tunicorn/arbiter/control'
import type { Paints } from '../../src/ctl/view.js'

const same = (text: string): string => text
export const plain: Paints = { bold: same, dim: same, green: same, yellow: same, red: same }

export const now: number = Date.parse('2030-01-01T12:00:00.000Z')
export const ago = (seconds: number): string => new Date(now - seconds * 1_000).toISOString()

export const worker = (changes: Partial<WorkerStatus>): WorkerStatus => ({
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

export const status: ServerStatus = {
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
      durations: { bounds: [], counts: [] },
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
      durations: { bounds: [], counts: [] },
      workers: [],
      exits: [],
    },
  ],
}

function exit(age: number, kind: string, text: string, isOrderly: boolean) {
  return { pid: 3_000 + age, age, generation: 0, reason: { kind, text }, isOrderly, at: ago(60) }
}
