/** The metrics of one arbiter. It records what supervision does, and renders the text on request. */

import type { RequestFigures } from '../protocol/request-figures.js'
import type { BoundSocket } from '../sockets/bind.js'
import type { ExitReport } from '../supervision/exit-report.js'
import type { ArbiterObserver, ReloadOutcome } from '../supervision/observers.js'
import type { ArbiterState } from '../supervision/state.js'
import type { WorkerRow, WorkerState } from '../supervision/worker-table.js'
import type { CertificateFacts } from '../tls/group-tls.js'
import { readVersion } from '../version.js'
import { type AppMetricsText, AppMetricTotals } from './app-metrics.js'
import { certificateFigures } from './certificate-figures.js'
import { type Distribution, observe } from './distribution.js'
import { exposition, listed } from './exposition.js'
import { groupFigures } from './group-figures.js'
import { GroupTotals } from './group-totals.js'
import type { ListedMetric } from './listed-metric.js'
import { listenFigures } from './listen-figures.js'
import type { MetricValue, MetricValues } from './metric-value.js'
import { processFigures } from './process-figures.js'
import { RequestDeltas } from './request-deltas.js'

/** The `content-type` of the text. */
export const metricsContentType = 'text/plain; version=0.0.4; charset=utf-8'

export interface MetricsSources {
  readonly state: ArbiterState
  /** The sockets that workers accept from. */
  sockets(): readonly BoundSocket[]
  /** The certificates that a group presents. */
  certificatesOf(group: string): readonly CertificateFacts[]
  /** JSON of the metrics of its app, as this worker reported them last. */
  appMetricsOf(row: Readonly<WorkerRow>): string | undefined
  /** Name of this worker's class. */
  workerClassOf(row: Readonly<WorkerRow>): string
}

/** Kept for a while after a worker has ended, because its last message can arrive after its exit. */
interface Track {
  readonly workerClass: string
  readonly deltas: RequestDeltas
}

export class Metrics implements ArbiterObserver {
  readonly #sources: MetricsSources
  readonly #groups = new Map<string, GroupTotals>()
  readonly #tracks = new WeakMap<Readonly<WorkerRow>, Track>()
  readonly #version = readVersion()
  readonly #apps = new AppMetricTotals()
  readonly #reloads = { done: 0, failed: 0, rolled_back: 0 }
  #rendering: Promise<string> | undefined

  constructor(sources: MetricsSources) {
    this.#sources = sources
  }

  workerChanged(row: Readonly<WorkerRow>, from: WorkerState | undefined): void {
    if (from === undefined) this.#track(row)
    if (from === 'booting' && row.bootedAt !== undefined)
      observe(this.#totals(row.group).boots, (row.bootedAt - row.spawnedAt) / 1_000)
  }

  requestsEnded(row: Readonly<WorkerRow>, figures: RequestFigures): void {
    const { deltas, workerClass } = this.#track(row)
    deltas.add(figures, this.#totals(row.group).requests(workerClass))
  }

  exited(row: Readonly<WorkerRow>, { kind, lost = 0 }: ExitReport): void {
    this.#totals(row.group).countExit(kind, lost)
    this.#apps.workerEnded(row.group, this.#sources.appMetricsOf(row))
  }

  broadcastsLost({ group }: Readonly<WorkerRow>, count: number): void {
    this.#totals(group).countLostBroadcasts(count)
  }

  reloadEnded(outcome: ReloadOutcome): void {
    if (outcome.type === 'failed' && outcome.isRolledBack) this.#reloads.rolled_back += 1
    else this.#reloads[outcome.type] += 1
  }

  /** How long the group's requests took. */
  durationsOf(group: string): Pick<Distribution, 'bounds' | 'counts'> {
    return this.#totals(group).durations()
  }

  /** Concurrent callers get the same text. A missing figure never makes it reject. */
  render(): Promise<string> {
    this.#rendering ??= this.#render().finally(() => {
      this.#rendering = undefined
    })
    return this.#rendering
  }

  /** The same metrics as a list. A missing figure never makes it reject. */
  async list(): Promise<readonly ListedMetric[]> {
    return [...(await this.#own()), ...(await this.#apps.list(this.#living()))]
  }

  async #render(): Promise<string> {
    const own = await exposition(await this.#own())
    return own + (await this.#apps.render(this.#living()))
  }

  async #own(): Promise<readonly ListedMetric[]> {
    const [listen, process] = await Promise.all([listenFigures(this.#sources.sockets()), processFigures()])
    return listed([...this.#groupValues(), this.#arbiterValues(), listen, process])
  }

  /** What the apps in living workers reported last. */
  #living(): readonly AppMetricsText[] {
    const { state } = this.#sources
    this.#apps.forgetExcept(state.groups)
    return state.table.rows().map(row => ({ group: row.group, text: this.#sources.appMetricsOf(row) }))
  }

  #groupValues(): readonly MetricValues[] {
    const { state } = this.#sources
    // Drop the series of groups that a reload has removed. Otherwise they would accumulate.
    for (const name of this.#groups.keys()) if (!state.groups.has(name)) this.#groups.delete(name)
    return [...state.groups.values()].flatMap(group => [
      groupFigures(state, group),
      this.#totals(group.name).values(),
      { tunicorn_worker_stat: this.#gaugeValues(group.name) },
      certificateFigures(group.name, this.#sources.certificatesOf(group.name)),
    ])
  }

  #gaugeValues(group: string): readonly MetricValue[] {
    const rows = this.#sources.state.table.rowsOf(group).filter(row => row.state !== 'closed')
    const workers = rows.map(row => ({
      workerClass: this.#track(row).workerClass,
      gauges: row.sample?.gauges ?? {},
    }))
    return this.#totals(group).gauges.values(group, workers)
  }

  #arbiterValues(): MetricValues {
    const labels = { version: this.#version, node_version: process.version }
    return {
      tunicorn_build_info: [{ labels, value: 1 }],
      tunicorn_reloads_total: Object.entries(this.#reloads).map(([result, value]) => ({
        labels: { result },
        value,
      })),
    }
  }

  #totals(group: string): GroupTotals {
    const known = this.#groups.get(group)
    if (known) return known
    const totals = new GroupTotals(group)
    this.#groups.set(group, totals)
    return totals
  }

  #track(row: Readonly<WorkerRow>): Track {
    const known = this.#tracks.get(row)
    if (known) return known
    const track = { workerClass: this.#sources.workerClassOf(row), deltas: new RequestDeltas() }
    this.#tracks.set(row, track)
    // Start at 0, so that the first request shows as an increase.
    this.#totals(row.group).requests(track.workerClass)
    return track
  }
}
