/** What a step has shown, in a figure and a sentence. Pure. */
import type { ServerStatus, WorkerStack } from '@tunicorn/arbiter/control'
import { type Lane, lanes } from '../../shared/lane.js'
import type { LaneSummary } from '../../shared/progress.js'
import { leakBytes } from '../../shared/work.js'
import { count, megabytes, milliseconds, seconds } from '../format.js'
import { laneFacts } from '../lane-facts.js'
import type { Verdict } from './tour-step.js'

/** Requests under way while something was done to the server. */
export interface LoadTotals {
  readonly answered: number
  readonly failed: number
}

export interface Requests {
  readonly answered: ReadonlyMap<Lane, number>
  readonly failed: number
  readonly lost: number
}

export function lostVerdict({ answered, failed, lost }: Requests): Verdict {
  const of = lanes.map(lane => `${laneFacts[lane].workerClass} ${answered.get(lane) ?? 0}`)
  const total = [...answered.values()].reduce((sum, number) => sum + number, failed)
  const onPurpose = lost === 0 ? '' : `; besides ${lost} that ended their worker on purpose`
  return {
    figure: String(failed),
    text: `of ${count(total, 'request')}${onPurpose}. Answered: ${of.join(', ')}.`,
    isGood: failed === 0,
  }
}

export function deployVerdict(status: ServerStatus, tookMs: number, load: LoadTotals): Verdict {
  const { generation, lastReload } = status.arbiter
  const isDone = lastReload?.result === 'done'
  return {
    figure: `${load.failed} failed`,
    text: isDone
      ? `Generation ${generation} serves after ${seconds(tookMs / 1_000)}; ${count(load.answered, 'request')} answered meanwhile.`
      : `The reload has failed: ${lastReload?.error?.message ?? 'for no reason'}`,
    isGood: isDone && load.failed === 0,
  }
}

/** `before`: the generation that served before the reload. */
export function brokenVerdict({ arbiter }: ServerStatus, before: number, load: LoadTotals): Verdict {
  const isKept = arbiter.lastReload?.result === 'failed'
  return {
    figure: isKept ? 'old code goes on' : 'taken',
    text: `Generation ${before} serves, ${load.failed} failed. ${causeOf(arbiter.lastReload?.error?.message ?? '')}`,
    isGood: isKept && load.failed === 0,
  }
}

/** What the app said, without the text that the arbiter puts around it, and only once if it broke in several groups. */
function causeOf(message: string): string {
  return /Release \d+ is broken[^\n;]*/.exec(message)?.[0] ?? message
}

export interface Blocked {
  readonly stack: WorkerStack
  /** From the request until the worker was gone. */
  readonly endedMs: number
  /** Requests to its group in the meantime. */
  readonly load: LoadTotals
}

export function blockedVerdict({ stack, endedMs, load }: Blocked): Verdict {
  const frame = firstFrame(stack.stack)
  return {
    figure: frame === undefined ? `no stack: ${stack.state}` : `${frame.name}()`,
    text: `${frame?.place ?? ''} Ended after ${seconds(endedMs / 1_000)}. ${waited(load)}`.trim(),
    isGood: frame !== undefined && load.failed === 0,
  }
}

export function killedVerdict(tookMs: number, load: LoadTotals): Verdict {
  return {
    figure: `back in ${seconds(tookMs / 1_000)}`,
    text: `Another process serves. ${waited(load)}`,
    isGood: load.failed === 0,
  }
}

function waited({ answered, failed }: LoadTotals): string {
  return `${count(answered + failed, 'request')} that came meanwhile waited in the kernel's queue; ${failed} failed.`
}

export function leakVerdict({ answered, failed, processes, mostLeaked }: LaneSummary): Verdict {
  // What a process had leaked before the request that it ended with.
  const kept = Math.max(0, mostLeaked - 1) * leakBytes
  return {
    figure: `${megabytes(kept)} kept`,
    text: `${count(answered, 'request')} leaked ${megabytes(leakBytes)} each, in ${count(processes, 'process', 'processes')} that ended with them; ${failed} failed.`,
    isGood: kept === 0 && failed === 0 && processes === answered,
  }
}

/** Compares p99 of the quick requests on an event loop with p99 where threads do the computing. */
export function quickVerdict(loop: LaneSummary, threads: LaneSummary): Verdict {
  const [slow, quick] = [loop.latency?.p99Ms ?? 0, threads.latency?.p99Ms ?? 0]
  const times = slow / quick
  return {
    figure: Number.isFinite(times) ? `${times < 10 ? times.toFixed(1) : Math.round(times)} × faster` : '–',
    text: `p99 of a quick answer beside handlers that compute: ${milliseconds(quick)} with thread-pool, ${milliseconds(slow)} with event-loop.`,
    isGood: times > 1 && loop.failed + threads.failed === 0,
  }
}

interface Frame {
  readonly name: string
  /** `src/work/do-work.ts:50` */
  readonly place: string
}

/** The frame in the first line of a stack: `at compute (file:///…/src/work/do-work.ts:50:12)`. */
function firstFrame(stack: string): Frame | undefined {
  const [, name, path, line] = /^\s*at (?:async )?(\S+) \((.*?):(\d+):\d+\)/m.exec(stack) ?? []
  if (name === undefined || path === undefined) return undefined
  return { name, place: `${shortPath(path)}:${line}.` }
}

/** The first lines of a stack, with only the end of each path. */
export function stackLines(stack: string): readonly string[] {
  return stack
    .split('\n')
    .filter(line => line.trim() !== '')
    .slice(0, shownFrames)
    .map(line =>
      line
        .trim()
        .replace(
          /(?:file:\/\/)?(\/[^\s()]+)(:\d+:\d+)/,
          (_, path: string, at: string) => shortPath(path) + at,
        ),
    )
}

const pathParts = 3
const shownFrames = 8

function shortPath(path: string): string {
  return path.split('/').slice(-pathParts).join('/')
}
