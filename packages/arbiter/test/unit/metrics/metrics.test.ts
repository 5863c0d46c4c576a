import { describe, expect, it } from 'vitest'
import { refusalReasons } from '../../../src/contract/refusal-reason.js'
import { Metrics } from '../../../src/metrics/metrics.js'
import { noRequests } from '../../../src/protocol/request-figures.js'
import { beginAutoscale } from '../../../src/supervision/autoscale.js'
import { reasonKinds } from '../../../src/supervision/reason.js'
import type { ArbiterState } from '../../../src/supervision/state.js'
import type { WorkerRow, WorkerState } from '../../../src/supervision/worker-table.js'
import { buildSample, endedSample } from '../supervision/build-sample.js'
import { addGroup, buildState, web } from '../supervision/build-state.js'

function metricsOf(state: ArbiterState): Metrics {
  return new Metrics({
    state,
    sockets: () => [],
    certificatesOf: () => [],
    appMetricsOf: () => undefined,
    workerClassOf: () => 'plain',
  })
}

function rowOf(state: ArbiterState, age = 1): WorkerRow {
  const row = state.table.get(age)
  if (!row) throw new Error(`the state has no worker ${age}`)
  return row
}

/** The value of one series, as it stands in the text. */
function figureIn(text: string, series: string): number | undefined {
  const line = text.split('\n').find(each => each.startsWith(`${series} `))
  return line === undefined ? undefined : Number(line.slice(series.length))
}

async function figureOf(metrics: Metrics, series: string): Promise<number | undefined> {
  return figureIn(await metrics.render(), series)
}

const served = 'tunicorn_requests_total{group="web",worker_class="plain",code="2xx"}'

describe('requests', () => {
  it('are counted from 0 on, before the first has ended', async () => {
    const state = buildState({}, [{ state: 'booting' }])
    const metrics = metricsOf(state)
    metrics.workerChanged(rowOf(state), undefined)
    expect(await figureOf(metrics, served)).toBe(0)
  })

  it('of a worker that is gone stay counted, also those of its last words', async () => {
    const state = buildState({}, [{ state: 'serving' }, { state: 'serving' }])
    const metrics = metricsOf(state)
    const [first, second] = [rowOf(state, 1), rowOf(state, 2)]
    metrics.requestsEnded(first, endedSample({ '2xx': 5 }).ended)
    metrics.requestsEnded(second, endedSample({ '2xx': 1 }).ended)
    state.table.remove(1)
    metrics.exited(first, { kind: 'signal', text: '', level: 'error' })
    expect(await figureOf(metrics, served)).toBe(6)
    metrics.requestsEnded(first, endedSample({ '2xx': 7 }).ended)
    expect(await figureOf(metrics, served)).toBe(8)
  })

  it('have a histogram whose buckets add up', async () => {
    const state = buildState({}, [{ state: 'serving' }])
    const metrics = metricsOf(state)
    const latency = noRequests.latency.map((_, index) => (index < 2 ? 3 : 0))
    metrics.requestsEnded(rowOf(state), { ...noRequests, latency, latencySumMs: 9 })
    const name = 'tunicorn_request_duration_seconds'
    const labels = 'group="web",worker_class="plain"'
    expect(await figureOf(metrics, `${name}_bucket{${labels},le="0.001"}`)).toBe(3)
    expect(await figureOf(metrics, `${name}_bucket{${labels},le="0.0025"}`)).toBe(6)
    expect(await figureOf(metrics, `${name}_bucket{${labels},le="+Inf"}`)).toBe(6)
    expect(await figureOf(metrics, `${name}_count{${labels}}`)).toBe(6)
    expect(await figureOf(metrics, `${name}_sum{${labels}}`)).toBe(0.009)
  })
})

describe('refusals', () => {
  it('count by their reason, over the worker classes of a group, and begin at 0', async () => {
    const state = buildState({}, [{ state: 'serving' }])
    const metrics = metricsOf(state)
    const name = 'tunicorn_requests_refused_total'
    const row = rowOf(state)
    metrics.workerChanged(row, undefined)
    expect(await figureOf(metrics, `${name}{group="web",reason="host"}`)).toBe(0)
    const refused = refusalReasons.map(reason => (reason === 'host' ? 3 : 0))
    metrics.requestsEnded(row, { ...noRequests, refused })
    expect(await figureOf(metrics, `${name}{group="web",reason="host"}`)).toBe(3)
    expect(await figureOf(metrics, `${name}{group="web",reason="body"}`)).toBe(0)
  })
})

describe('exits', () => {
  it.each(reasonKinds)('of kind %s have this reason', async kind => {
    const state = buildState({}, [{ state: 'closed' }])
    const metrics = metricsOf(state)
    metrics.exited(rowOf(state), { kind, text: '', level: 'info' })
    const text = await metrics.render()
    for (const other of reasonKinds)
      expect(figureIn(text, `tunicorn_worker_exits_total{group="web",reason="${other}"}`)).toBe(
        other === kind ? 1 : 0,
      )
  })

  it('that cost requests count them', async () => {
    const state = buildState({}, [{ state: 'closed' }])
    const metrics = metricsOf(state)
    metrics.exited(rowOf(state), { kind: 'oom', text: '', level: 'error', lost: 3 })
    expect(await figureOf(metrics, 'tunicorn_requests_lost_total{group="web",reason="oom"}')).toBe(3)
    expect(await figureOf(metrics, 'tunicorn_requests_lost_total{group="web",reason="signal"}')).toBe(0)
  })
})

describe('what a group is like', () => {
  it('is counted by state, against the target', async () => {
    const metrics = metricsOf(buildState({ workers: 3 }, [{ state: 'serving' }, { state: 'booting' }]))
    expect(await figureOf(metrics, 'tunicorn_workers{group="web",state="serving"}')).toBe(1)
    expect(await figureOf(metrics, 'tunicorn_workers{group="web",state="booting"}')).toBe(1)
    expect(await figureOf(metrics, 'tunicorn_workers{group="web",state="draining"}')).toBe(0)
    expect(await figureOf(metrics, 'tunicorn_workers_target{group="web"}')).toBe(3)
  })

  it('has a target of 0 while nothing is wanted', async () => {
    const state = buildState({ workers: 3 }, [])
    state.isParked = true
    expect(await figureOf(metricsOf(state), 'tunicorn_workers_target{group="web"}')).toBe(0)
  })

  it('adds up connections, and takes quantiles of event loops over the workers that serve', async () => {
    const rows = [0.1, 0.2, 0.9].map(eventLoopUtilization => ({
      state: 'serving' as const,
      sample: buildSample({ connections: 2, eventLoopUtilization, eventLoopDelayP99Ms: 30 }),
    }))
    const metrics = metricsOf(buildState({}, [...rows, { state: 'booting' }]))
    expect(await figureOf(metrics, 'tunicorn_connections{group="web"}')).toBe(6)
    expect(await figureOf(metrics, 'tunicorn_event_loop_utilization{group="web",quantile="0.5"}')).toBe(0.2)
    expect(await figureOf(metrics, 'tunicorn_event_loop_utilization{group="web",quantile="1"}')).toBe(0.9)
    expect(await figureOf(metrics, 'tunicorn_event_loop_delay_seconds{group="web",quantile="0.9"}')).toBe(
      0.03,
    )
  })

  it('adds up the gauges of each worker class over its workers, until they are closed', async () => {
    const sketch = (state: WorkerState, gauges: Readonly<Record<string, number>>) => ({
      state,
      sample: buildSample({ gauges }),
    })
    const state = buildState({}, [
      sketch('serving', { queueLength: 2, waitMs: 0.5 }),
      sketch('draining', { queueLength: 3 }),
      sketch('serving', { queueLength: 7 }),
      sketch('closed', { queueLength: 100 }),
    ])
    const workerClassOf = ({ age }: { readonly age: number }): string => (age === 3 ? 'other' : 'plain')
    const metrics = new Metrics({
      state,
      sockets: () => [],
      certificatesOf: () => [],
      appMetricsOf: () => undefined,
      workerClassOf,
    })
    const gauge = (workerClass: string, name: string): string =>
      `tunicorn_worker_stat{group="web",worker_class="${workerClass}",name="${name}"}`
    expect(await figureOf(metrics, gauge('plain', 'queueLength'))).toBe(5)
    expect(await figureOf(metrics, gauge('plain', 'waitMs'))).toBe(0.5)
    expect(await figureOf(metrics, gauge('other', 'queueLength'))).toBe(7)
    Object.assign(rowOf(state, 2), { state: 'closed' })
    expect(await figureOf(metrics, gauge('plain', 'queueLength'))).toBe(2)
  })

  it('has so many gauges and no more, however often a worker names others', async () => {
    const state = buildState({}, [{ state: 'serving' }])
    const metrics = metricsOf(state)
    const seen = new Set<string>()
    for (let beat = 0; beat < 200; beat += 1) {
      const sample = buildSample({ gauges: { queueLength: beat, [`gauge${beat}`]: 1 } })
      Object.assign(rowOf(state), { sample })
      const text = await metrics.render()
      for (const [series] of text.matchAll(/^tunicorn_worker_stat\{.*\}/gm)) seen.add(series)
    }
    expect(seen.size).toBe(100)
    const kept = 'tunicorn_worker_stat{group="web",worker_class="plain",name="queueLength"}'
    expect(await figureOf(metrics, kept)).toBe(199)
  })

  it('says nothing of event loops before a worker did', async () => {
    const text = await metricsOf(buildState({}, [{ state: 'serving' }])).render()
    expect(text).not.toContain('tunicorn_event_loop')
  })

  it('is forgotten with the group', async () => {
    const state = buildState({}, [{ state: 'serving' }])
    const metrics = metricsOf(state)
    metrics.requestsEnded(rowOf(state), endedSample({ '2xx': 5 }).ended)
    state.groups = new Map()
    expect(await metrics.render()).not.toContain('group="web"')
  })
})

describe('the text', () => {
  it('is the same for those who ask at the same time', async () => {
    const metrics = metricsOf(buildState({}, []))
    const texts = await Promise.all(Array.from({ length: 20 }, () => metrics.render()))
    expect(new Set(texts).size).toBe(1)
  })

  it('escapes the name of a group', async () => {
    const state = buildState({}, [])
    const group = state.groups.get('web')
    if (!group) throw new Error('the state has no group')
    addGroup(state, { ...group, name: 'a"b\\c' })
    expect(await metricsOf(state).render()).toContain('tunicorn_generation{group="a\\"b\\\\c"} 1')
  })

  it('counts reloads by how they ended', async () => {
    const metrics = metricsOf(buildState({}, []))
    metrics.reloadEnded({ type: 'done', generation: 1 })
    for (const isRolledBack of [false, true, false])
      metrics.reloadEnded({ type: 'failed', isRolledBack, error: new Error('broken') })
    expect(await figureOf(metrics, 'tunicorn_reloads_total{result="done"}')).toBe(1)
    expect(await figureOf(metrics, 'tunicorn_reloads_total{result="failed"}')).toBe(2)
    expect(await figureOf(metrics, 'tunicorn_reloads_total{result="rolled_back"}')).toBe(1)
  })
})

describe('a slot', () => {
  it('shows its worker, and the worse of two while one replaces the other', async () => {
    const state = buildState({}, [
      {
        state: 'draining',
        slot: 0,
        sample: buildSample({ rss: 300, eventLoopDelayP99Ms: 1, connections: 1 }),
      },
      {
        state: 'serving',
        slot: 0,
        sample: buildSample({ rss: 100, eventLoopDelayP99Ms: 20, connections: 7 }),
      },
      { state: 'closed', slot: 1, sample: buildSample({ rss: 900, eventLoopDelayP99Ms: 900 }) },
      {
        state: 'serving',
        slot: 1,
        sample: buildSample({ rss: 200, eventLoopDelayP99Ms: 2, connections: 3 }),
      },
    ])
    const metrics = metricsOf(state)
    const memory = 'tunicorn_slot_resident_memory_bytes'
    expect(await figureOf(metrics, `${memory}{group="web",slot="0"}`)).toBe(300)
    expect(await figureOf(metrics, `${memory}{group="web",slot="1"}`)).toBe(200)
    const delay = 'tunicorn_slot_event_loop_delay_seconds'
    expect(await figureOf(metrics, `${delay}{group="web",slot="0"}`)).toBe(0.02)
    expect(await figureOf(metrics, `${delay}{group="web",slot="1"}`)).toBe(0.002)
    const connections = 'tunicorn_slot_connections'
    expect(await figureOf(metrics, `${connections}{group="web",slot="0"}`)).toBe(7)
    expect(await figureOf(metrics, `${connections}{group="web",slot="1"}`)).toBe(3)
  })
})

describe('the load of a group', () => {
  it('is there with its bounds where the number of workers follows it, and nowhere else', async () => {
    const autoscale = { min: 1, max: 4, maxRssTotalBytes: 0, isSingle: false, connections: 0 }
    const state = buildState({ autoscale }, [{ state: 'serving' }])
    const load = 'tunicorn_autoscale_load{group="web"}'
    expect(await figureOf(metricsOf(state), load)).toBeUndefined()
    web(state).autoscale = { ...beginAutoscale(3, 0), load: 1.7 }
    const metrics = metricsOf(state)
    expect(await figureOf(metrics, load)).toBe(1.7)
    expect(await figureOf(metrics, 'tunicorn_autoscale_limit{group="web",bound="max"}')).toBe(4)
    expect(await figureOf(metrics, 'tunicorn_autoscale_limit{group="web",bound="min"}')).toBe(1)
    expect(await figureOf(metrics, 'tunicorn_workers_target{group="web"}')).toBe(3)
  })
})
