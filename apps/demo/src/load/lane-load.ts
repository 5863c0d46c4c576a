/** Sends requests to one group and counts what comes back. */
import { setTimeout as wait } from 'node:timers/promises'
import type { Lane } from '../shared/lane.js'
import type { Progress } from '../shared/progress.js'
import type { Work } from '../shared/work.js'
import { askForWork, type Target } from './request.js'
import { Statistics } from './statistics.js'

const sampleMs = 250
/** The most failures of a run that are reported one by one. */
const maxFailures = 10

/** A client sends its next request only after the answer to the last one, and after a rest. */
export interface Client {
  readonly work: Work
  readonly restMs: number
  /** Requests until it stops by itself. @default as many as the time allows */
  readonly requests?: number
}

export interface LaneLoad {
  readonly lane: Lane
  readonly target: Target
  readonly clients: readonly Client[]
  /** How long clients send requests. If absent, until each has sent all of its requests. */
  readonly durationMs?: number
  readonly report: (progress: Progress) => void
}

/** Resolves when every request has ended, with a summary reported. */
export async function runLaneLoad(load: LaneLoad): Promise<void> {
  const { lane, clients, report, durationMs = Number.POSITIVE_INFINITY } = load
  const statistics = new Statistics(lane)
  const start = performance.now()
  const elapsed = (): number => performance.now() - start
  const sampling = setInterval(() => report(statistics.sample(elapsed())), sampleMs)
  let failures = 0

  const send = async (work: Work): Promise<void> => {
    const sentMs = elapsed()
    try {
      const { pid, leaked } = await askForWork(work, load.target)
      statistics.add({ work, pid, leaked, endedMs: elapsed(), tookMs: elapsed() - sentMs })
    } catch (error) {
      statistics.add({ work, endedMs: elapsed(), tookMs: elapsed() - sentMs })
      failures += 1
      if (failures <= maxFailures) report({ type: 'failure', lane, work, reason: reasonOf(error) })
    }
  }
  const runClient = async ({ work, restMs, requests = Number.POSITIVE_INFINITY }: Client): Promise<void> => {
    for (let sent = 0; sent < requests && elapsed() < durationMs; sent++) {
      await send(work)
      await wait(restMs)
    }
  }

  await Promise.all(clients.map(runClient))
  clearInterval(sampling)
  report(statistics.sample(elapsed()))
  report({ type: 'summary', summary: statistics.summary() })
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return 'code' in error ? `${error.message} (${error.code})` : error.message
}
