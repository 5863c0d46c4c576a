/** The cost of a server that gets no requests. Linux only. */
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { ControlClient } from '@tunicorn/arbiter/control'
import { startProcess, tunicornMain } from '@tunicorn/harness'
import type { IdleServer } from './idle-server.js'
import { median } from './median.js'
import { residentMegabytes } from './memory.js'

export interface IdleCost {
  /** Processor time, in percent of one core. */
  readonly arbiterPercent: number
  /** Processor time of all workers together. */
  readonly workersPercent: number
  /** Resident memory. */
  readonly arbiterMegabytes: number
  /** Memory of all workers together. What processes share is counted once. */
  readonly workersMegabytes: number
  /** What the workers write. Apart from metrics of its app, an idle worker sends only heartbeats. */
  readonly kilobytesPerSecond: number
  /** From the start of `tunicorn ctl status` to its end. */
  readonly statusMs: number
  /** From the request for the metrics to the last byte of the answer. */
  readonly metricsMs: number
}

/** By then, what starting up leaves behind has been tidied up. */
const settleMs = 5_000
const asked = 5

export interface IdlePlan {
  readonly rounds: number
  readonly seconds: number
}

export async function idleCost(server: IdleServer, { rounds, seconds }: IdlePlan): Promise<IdleCost> {
  const { arbiter, workers, control } = server
  await delay(settleMs)
  const intervals: Interval[] = []
  for (let round = 0; round < rounds; round++) intervals.push(await observe(server, seconds))
  const arbiterMegabytes = await residentMegabytes(arbiter)
  const workersMegabytes = sum(workers, proportionalKilobytes) / 1024
  const client = new ControlClient(control)
  const status = ['ctl', 'status', '--control', control]
  return {
    arbiterPercent: median(intervals.map(({ arbiterPercent }) => arbiterPercent)),
    workersPercent: median(intervals.map(({ workersPercent }) => workersPercent)),
    kilobytesPerSecond: median(intervals.map(({ kilobytesPerSecond }) => kilobytesPerSecond)),
    arbiterMegabytes,
    workersMegabytes,
    statusMs: await timeOf(async () => {
      await using command = await startProcess(process.execPath, [tunicornMain, ...status])
      const { code } = await command.ended()
      if (code !== 0) throw new Error(`\`ctl status\` ended with ${code}:\n${command.output}`)
    }),
    metricsMs: await timeOf(async () => void (await client.metrics())),
  }
}

type Interval = Pick<IdleCost, 'arbiterPercent' | 'workersPercent' | 'kilobytesPerSecond'>

async function observe({ arbiter, workers }: IdleServer, seconds: number): Promise<Interval> {
  const look = (): { at: number; arbiter: number; workers: number; written: number } => ({
    at: performance.now(),
    arbiter: runMs(arbiter),
    workers: sum(workers, runMs),
    written: sum(workers, writtenBytes),
  })
  const before = look()
  await delay(seconds * 1000)
  const after = look()
  const elapsedMs = after.at - before.at
  return {
    arbiterPercent: (100 * (after.arbiter - before.arbiter)) / elapsedMs,
    workersPercent: (100 * (after.workers - before.workers)) / elapsedMs,
    kilobytesPerSecond: (after.written - before.written) / elapsedMs,
  }
}

async function timeOf(call: () => Promise<void>): Promise<number> {
  const times: number[] = []
  for (let time = 0; time < asked; time++) {
    const startedAt = performance.now()
    await call()
    times.push(performance.now() - startedAt)
  }
  return median(times)
}

/** Processor time of all threads of a process. `schedstat` counts it in nanoseconds, `stat` in hundredths of a second. */
function runMs(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`).map(Number)
  return sum(threads, thread => Number(read(`/proc/${pid}/task/${thread}/schedstat`).split(' ')[0])) / 1e6
}

function writtenBytes(pid: number): number {
  return field(`/proc/${pid}/io`, /^wchar: (\d+)$/m)
}

function proportionalKilobytes(pid: number): number {
  return field(`/proc/${pid}/smaps_rollup`, /^Pss: +(\d+) kB$/m)
}

function field(path: string, pattern: RegExp): number {
  const value = pattern.exec(read(path))?.[1]
  if (value === undefined) throw new Error(`${path} has no ${pattern}`)
  return Number(value)
}

function read(path: string): string {
  return readFileSync(path, 'utf8')
}

function sum(ids: readonly number[], of: (id: number) => number): number {
  return ids.reduce((total, id) => total + of(id), 0)
}
