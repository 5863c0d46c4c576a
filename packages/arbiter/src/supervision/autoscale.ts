/**
 * How many workers a group wants for its measured load: the setting `autoscale`. The number rises quickly and falls slowly. A dead
 * band between the two thresholds keeps it from rising again right after it has fallen. Pure.
 */
import { clamp } from '../clamp.js'
import { mebibytes } from './memory-limit.js'

/** A group at one moment. */
export interface AutoscaleView {
  /** Arbiter time in milliseconds, like all times here. */
  readonly now: number
  readonly min: number
  readonly max: number
  /** Workers that serve or could serve. */
  readonly ready: number
  /** The work that they do, as a number of workers that would be busy all the time. */
  readonly load: number
  /** The longest boot among the existing workers. */
  readonly bootMs: number
  /** Workers have recently failed to boot. */
  readonly isFailing: boolean
  /** A reload or an upgrade is under way, and the old number of workers may be needed again. */
  readonly mayGoBack: boolean
  /** Absent: no limit. */
  readonly memory: MemoryView | undefined
}

/** The memory of all processes of the server, in bytes. */
export interface MemoryView {
  readonly limit: number
  readonly used: number
  /** What a worker of this group usually uses. */
  readonly size: number
  /** Processes are about to end and will free their memory. */
  readonly isPassing: boolean
}

interface AutoscaleReason {
  /** For programs. */
  readonly kind: 'begin' | 'load' | 'calm' | 'memory' | 'boots' | 'bounds'
  /** For people. */
  readonly text: string
}

/** What is remembered between two looks. */
export interface Autoscale {
  /** How many workers are wanted. */
  readonly workers: number
  readonly changedAt: number
  /** Why there are this many. */
  readonly reason: AutoscaleReason
  /** Smoothed. */
  readonly load: number
  readonly lookedAt: number
  /** Since when all wanted workers have been there. */
  readonly steadySince: number | undefined
  /** Since when fewer workers would have been enough. */
  readonly calmSince: number | undefined
  /** There is work for more workers, but no memory. */
  readonly isShortOfMemory: boolean
}

/** Above `busyShare`, workers are added, as many as bring each one down to `goalShare`. */
const busyShare = 0.75
const goalShare = 0.6
/** Fewer workers are enough if they would be at most this busy. */
const calmShare = 0.5
/** How far back the load is smoothed: a second of garbage collection is not load. */
const smoothingMs = 1_500
/** How long to observe the effect of a change; never less than the time of a boot. */
const settleMs = 2_000
/** The first worker goes once fewer would have been enough for twenty boots, within these bounds; further ones four times as fast. */
const calmBoots = 20
const calmMs = { least: 20_000, most: 300_000 } as const
const calmSteps = 4
/** A new worker may grow beyond the usual size so far. */
const roomForGrowth = 1.25
/** After memory was short, no worker is added for this long: it would be the next one to go. */
const shortMs = 300_000

export function beginAutoscale(workers: number, now: number): Autoscale {
  return {
    workers,
    changedAt: now,
    reason: { kind: 'begin', text: 'it began with so many' },
    load: 0,
    lookedAt: now,
    steadySince: undefined,
    calmSince: undefined,
    isShortOfMemory: false,
  }
}

/** Decides nothing, because the group has no workers or may not keep them. */
export function restAutoscale(last: Autoscale, now: number): Autoscale {
  return { ...last, lookedAt: now, steadySince: undefined, calmSince: undefined }
}

export function nextAutoscale(last: Autoscale, view: AutoscaleView): Autoscale {
  const { now, min, max, mayGoBack } = view
  const seen = look(last, view)
  const within = clamp(seen.workers, min, max)
  if (within !== seen.workers && !mayGoBack)
    return change(seen, now, within, { kind: 'bounds', text: `\`autoscale\` allows ${min} to ${max}` })
  return fewerForMemory(seen, view) ?? fewerForBoots(seen, view) ?? more(seen, view) ?? fewer(seen, view)
}

function look(last: Autoscale, { now, ready, load, isFailing, mayGoBack }: AutoscaleView): Autoscale {
  const weight = 1 - Math.exp((last.lookedAt - now) / smoothingMs)
  const smoothed = last.load + (load - last.load) * weight
  const isSteady = ready >= last.workers && !isFailing
  const isCalm = isSteady && !mayGoBack && smoothed <= calmShare * (last.workers - 1)
  return {
    ...last,
    load: smoothed,
    lookedAt: now,
    steadySince: isSteady ? (last.steadySince ?? now) : undefined,
    calmSince: isCalm ? (last.calmSince ?? now) : undefined,
  }
}

function change(last: Autoscale, now: number, workers: number, reason: AutoscaleReason): Autoscale {
  return {
    ...last,
    workers,
    reason,
    changedAt: now,
    steadySince: undefined,
    calmSince: undefined,
    isShortOfMemory: reason.kind === 'memory',
  }
}

function paceMs({ bootMs }: AutoscaleView): number {
  return Math.max(settleMs, bootMs)
}

function windowMs({ bootMs }: AutoscaleView): number {
  return clamp(calmBoots * bootMs, calmMs.least, calmMs.most)
}

/** Removes one worker at a time, and the next one only when the last one's memory is free. */
function fewerForMemory(last: Autoscale, view: AutoscaleView): Autoscale | undefined {
  const { now, min, memory, mayGoBack } = view
  if (!memory || memory.used <= memory.limit || memory.isPassing || mayGoBack) return undefined
  if (last.workers <= min || now - last.changedAt < paceMs(view)) return undefined
  const text = `all processes have ${mebibytes(memory.used)}, and \`maxRssTotal\` is ${mebibytes(memory.limit)}`
  return change(last, now, last.workers - 1, { kind: 'memory', text })
}

/** A worker that does not boot serves nobody. It is tried again if there is still work for it. */
function fewerForBoots(last: Autoscale, view: AutoscaleView): Autoscale | undefined {
  const { now, min, ready, isFailing, mayGoBack } = view
  const isDue = isFailing && !mayGoBack && now - last.changedAt >= windowMs(view)
  if (!isDue || ready >= last.workers || ready < min) return undefined
  return change(last, now, ready, { kind: 'boots', text: 'further workers do not boot' })
}

function more(last: Autoscale, view: AutoscaleView): Autoscale | undefined {
  const { now, max } = view
  const { workers, load, steadySince, reason, changedAt } = last
  if (workers >= max || load <= busyShare * workers) return undefined
  if (steadySince === undefined || now - steadySince < paceMs(view)) return undefined
  const room = reason.kind === 'memory' && now - changedAt < shortMs ? 0 : roomFor(view)
  if (room < 1) return { ...last, isShortOfMemory: true }
  const wanted = clamp(Math.ceil(load / goalShare), workers + 1, Math.min(max, workers + room))
  const text = `${workers === 1 ? 'the worker is' : `${workers} workers are`} ${percent(load / workers)} busy`
  return change(last, now, wanted, { kind: 'load', text })
}

/** How many more workers fit into memory. */
function roomFor({ memory }: AutoscaleView): number {
  if (!memory) return Number.POSITIVE_INFINITY
  return Math.floor((memory.limit - memory.used) / Math.max(1, memory.size * roomForGrowth))
}

function fewer(last: Autoscale, view: AutoscaleView): Autoscale {
  const { now, min } = view
  const { workers, calmSince, load } = last
  const settled = load <= calmShare * workers ? { ...last, isShortOfMemory: false } : last
  const window = windowMs(view)
  if (calmSince === undefined || workers <= min || now - calmSince < window) return settled
  const left = workers - 1
  const text = `fewer do: ${left} would be ${percent(load / left)} busy`
  return { ...change(last, now, left, { kind: 'calm', text }), calmSince: now - window + window / calmSteps }
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}
