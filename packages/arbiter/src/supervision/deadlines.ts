/** Which workers have run out of time. Pure; part of `reconcile`. */
import type { Action } from './actions.js'
import { isExamined } from './examinations.js'
import type { GroupPolicy } from './group-policy.js'
import { mebibytes, memoryExcess } from './memory-limit.js'
import type { Reason } from './reason.js'
import type { WorkerRow } from './worker-table.js'

/** How long after its deadline a worker may take to cut off what is left and exit by itself. */
const exitMarginMs = 2_000
/** How long it may take to collect the evidence of a silent worker. */
const evidenceMs = 200
/** Younger workers are not recycled for age or memory, so that a limit below the boot footprint does not become a loop. */
const minimumLifeMs = 10_000

/** How long before a kill for another reason evidence is requested: a watchdog needs at most this long. */
const askMs = 1_000

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(ms < 10_000 ? 1 : 0)} s`

/** The order that is due for one worker, if any. */
export function overdue(row: WorkerRow, policy: GroupPolicy, now: number): Action | undefined {
  if (row.killed) return undefined
  const reason = killReason(row, policy, now)
  if (reason) return { type: 'kill', age: row.age, reason }
  const silentMs = now - row.silentSince
  const isWatched =
    row.state !== 'booting' &&
    row.state !== 'closed' &&
    policy.timeoutMs > 0 &&
    !row.blocked?.isPaused &&
    !isExamined(row, now)
  if (isWatched && row.abortedAt === undefined && silentMs > policy.timeoutMs)
    return { type: 'abort', age: row.age, silentMs, cause: 'silence' }
  if (row.abortedAt === undefined && isLeavingLate(row, now))
    return { type: 'abort', age: row.age, silentMs, cause: 'overdue' }
  return limitReached(row, policy, now)
}

function killReason(row: WorkerRow, policy: GroupPolicy, now: number): Reason | undefined {
  if (row.abortedFor === 'silence' && row.abortedAt !== undefined && now - row.abortedAt >= evidenceMs)
    return {
      kind: 'timeout',
      text: `it was silent for longer than its timeout of ${seconds(policy.timeoutMs)}`,
    }
  if (row.drain && now > row.drain.deadline + (row.state === 'booting' ? 0 : exitMarginMs))
    return { kind: 'graceful-timeout', text: 'it did not end by the deadline of its drain' }
  if (row.state === 'closed' && now > row.stateAt + exitMarginMs)
    return { kind: 'close', text: `it was closed and did not exit within ${seconds(exitMarginMs)}` }
  const isBooting = row.state === 'booting' || row.state === 'promoting'
  if (isBooting && policy.bootTimeoutMs > 0 && now - row.stateAt > policy.bootTimeoutMs)
    return {
      kind: 'boot-timeout',
      text: `it was not ready within its boot timeout of ${seconds(policy.bootTimeoutMs)}; ${awaited(row)}`,
    }
  return undefined
}

function awaited({ isAwaitingReady }: WorkerRow): string {
  return isAwaitingReady
    ? "the app is loaded and has not called process.send('ready'), which waitReady waits for"
    : 'see what the app waits for, or raise it'
}

/** The worker should be gone, and will be killed soon. */
function isLeavingLate({ state, drain, stateAt }: WorkerRow, now: number): boolean {
  const lateMs = exitMarginMs - askMs
  if (state === 'closed') return now > stateAt + lateMs
  return drain !== undefined && state !== 'booting' && now > drain.deadline + lateMs
}

function limitReached(row: WorkerRow, policy: GroupPolicy, now: number): Action | undefined {
  if (row.state !== 'serving' || row.retire || row.drain || row.servingAt === undefined) return undefined
  const lifeMs = now - row.servingAt
  const isYoung = lifeMs < minimumLifeMs
  const excess = memoryExcess(row, policy)
  if (excess && (!isYoung || excess.isFarAbove)) {
    const text = `its memory is ${mebibytes(excess.rss)}, the limit is ${mebibytes(excess.limit)}`
    return { type: 'retire', age: row.age, reason: { kind: 'max-rss', text } }
  }
  if (isYoung || policy.maxAgeMs === 0 || lifeMs < policy.maxAgeMs) return undefined
  const text = `it has served for ${seconds(lifeMs)}`
  return { type: 'retire', age: row.age, reason: { kind: 'max-age', text } }
}
