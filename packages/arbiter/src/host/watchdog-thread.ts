/**
 * A thread that keeps running when the main thread cannot. When the event loop is blocked, it takes the stack of the blocking
 * code and the requests in flight, and writes them to the log. When the arbiter is gone, it ends the process, which a blocked
 * main thread cannot do itself.
 */
import { workerData } from 'node:worker_threads'
import type { RequestInFlight } from '../protocol/messages.js'
import { requestsText } from '../protocol/requests-text.js'
import { CpuThrottle } from '../system/cpu-throttle.js'
import { kernelState } from '../system/kernel-state.js'
import { writeBlocked, writePaused, writeStack } from './diagnostics.js'
import { FlightWriter } from './flight-writer.js'
import { originalFrames } from './original-frames.js'
import { type StackEvidence, takeStack } from './stack.js'
import { stackText } from './stack-frame.js'
import { inFlightSymbol, type WatchdogData, wordAt } from './watchdog.js'

const lookMs = 200
/** A request that is in flight for two of these intervals is in the flight record. */
const flightMs = 50
/** Two missed beats. A request for evidence is not answered while the event loop still turns. */
const silentMs = 500
/** How long a main thread that is not blocked gets to end by itself. */
const orphanMs = 1_500
const orphanBlockedMs = 400
const sourceMapsUrl = new URL('./source-maps-thread.js', import.meta.url)
/** Limits for reading source maps: when nobody is killed for it, when a kill is imminent, and the most before one that is due. */
const mapsMs = { asked: 2_000, ordered: 300, stalled: 1_000 }

// Written by the main thread of the same process.
const { counter, stallMs, graceMs, parentPid, flight } = workerData as WatchdogData
const view = new Int32Array(counter)
const throttle = new CpuThrottle()
let lastCount = -1
let lookedAt = performance.now()
let movedAt = performance.now()
let orphanedAt: number | undefined
let hasEvidence = false
/** Two attempts to pause the main thread at once would each mistake the other for a debugger. */
let taken: Promise<unknown> = Promise.resolve()

setInterval(look, lookMs)
if (flight) {
  const writer = new FlightWriter(flight.shared, flight.fd)
  setInterval(() => {
    writer.look()
    const order = writer.takeOrder()
    if (order === 'evidence') answer()
    if (order === 'stack') void answerStack()
  }, flightMs)
}

function look(): void {
  const now = performance.now()
  // Time for which a quota kept the process from running is not the app's fault, and does not count as silence.
  movedAt = Math.min(now, movedAt + throttle.takeMs(now - lookedAt))
  lookedAt = now
  const count = Atomics.load(view, wordAt.beats)
  if (count !== lastCount || Atomics.load(view, wordAt.heldUp) === 1) {
    lastCount = count
    movedAt = now
    hasEvidence = false
  }
  if (process.ppid !== parentPid) return endOrphan(now)
  if (stallMs === 0 || hasEvidence || now - movedAt < stallMs) return
  hasEvidence = true
  void report(now - movedAt, Math.min(mapsMs.stalled, graceMs / 2))
}

/** The arbiter is about to kill this worker because it did not do what it was told. */
function answer(): void {
  look()
  const now = performance.now()
  if (now - movedAt < silentMs || hasEvidence) return
  hasEvidence = true
  void report(now - movedAt, mapsMs.ordered)
}

/** Somebody asks what this worker is doing, whether or not it is blocked. */
async function answerStack(): Promise<void> {
  const evidence = await take()
  if (evidence === 'paused') return writeStack({ state: 'paused', stack: '', requests: [] })
  if (!evidence) return writeStack({ state: 'native', stack: '', requests: [] })
  const { isWaiting, frames, value } = evidence
  writeStack({
    state: isWaiting ? 'waiting' : 'running',
    stack: isWaiting ? '' : await textOf(frames, mapsMs.asked),
    requests: requestsIn(value),
  })
}

function take(): Promise<StackEvidence | 'paused' | undefined> {
  const next = taken.then(() => takeStack(`globalThis[Symbol.for(${JSON.stringify(inFlightSymbol)})]?.()`))
  taken = next.catch(() => {})
  return next
}

function endOrphan(now: number): void {
  orphanedAt ??= now
  const isBlocked = now - movedAt > orphanBlockedMs
  if (now - orphanedAt < (isBlocked ? orphanBlockedMs : orphanMs)) return
  // Kills the whole process group, so that processes started by the app end too.
  process.kill(-process.pid, 'SIGKILL')
}

/** In terms of the sources, where source maps resolve in time. */
async function textOf(frames: StackEvidence['frames'], ms: number): Promise<string> {
  return stackText(await originalFrames(frames, { threadUrl: sourceMapsUrl, ms }))
}

async function report(silentMs: number, limitMs: number): Promise<void> {
  const seconds = Math.round(silentMs / 100) / 10
  const evidence = await take()
  if (evidence === 'paused') return writePaused()
  if (!evidence)
    return writeBlocked(
      'The event loop is blocked in native code; no JavaScript stack can be had',
      { seconds, ...kernelState(`/proc/self/task/${process.pid}`) },
      undefined,
    )
  const requests = requestsIn(evidence.value)
  writeBlocked(
    'The event loop is blocked',
    {
      seconds,
      ...(requests.length > 0 && { requests: requestsText(requests) }),
      error: await textOf(evidence.frames, limitMs),
    },
    requests,
  )
}

/** Written by the host of the same process. */
function requestsIn(json: string): readonly RequestInFlight[] {
  return json === '' ? [] : (JSON.parse(json) as readonly RequestInFlight[])
}
