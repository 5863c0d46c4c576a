/**
 * How many workers a group wants for the load that is measured: the setting `autoscale`. Quick up, slow down, and a dead band between
 * the two, so that it does not go up for what it has just gone down for. Pure.
 */
import { clamp } from '../clamp.js'
import { mebibytes } from './memory-limit.js'

/** What a group is like at a moment. */
export interface AutoscaleView {
  /** Arbiter time in milliseconds, as all times here. */
  readonly now: number
  readonly min: number
  readonly max: number
  /** Workers that serve, or could. */
  readonly ready: number
  /** The work that they do, in workers that would be busy all the time. */
  readonly load: number
  /** The longest boot of the workers that there are. */
  readonly bootMs: number
  /** Workers have failed to boot lately. */
  readonly isFailing: boolean
  /** A reload replaces workers, or an upgrade the arbiter: what there was may be needed again. */
  readonly mayGoBack: boolean
  /** Absent: no limit. */
  readonly memory: MemoryView | undefined
}

/** What all processes of the server have. Bytes. */
export interface MemoryView {
  readonly limit: number
  readonly used: number
  /** What a worker of this group usually has. */
  readonly size: number
  /** Processes are on their way out, and will give back what they have. */
  readonly isPassing: boolean
}

interface AutoscaleReason {
  /** For programs. */
  readonly kind: 'begin' | 'load' | 'calm' | 'memory' | 'boots' | 'bounds'
  /** For people. */
  readonly text: string
}

/** What is remembered from one look to the next. */
export interface Autoscale {
  /** How many workers are wanted. */
  readonly workers: number
  readonly changedAt: number
  /** Why it is so many. */
  readonly reason: AutoscaleReason
  /** Smoothed. */
  readonly load: number
  readonly lookedAt: number
  /** Since when all that are wanted are there. */
  readonly steadySince: number | undefined
  /** Since when fewer would do. */
  readonly calmSince: number | undefined
  /** There is work for more, and no memory for them. */
  readonly isShortOfMemory: boolean
}

/** More than so busy, and there are to be more workers; with those they are to be as busy as the goal. */
const busyShare = 0.75
const goalShare = 0.6
/** Fewer workers would do when they were at most so busy. */
const calmShare = 0.5
/** How far back a load counts: a second of garbage collection is none. */
const smoothingMs = 1_500
/** What a change has brought is looked at for so long, and never for less than a boot takes. */
const settleMs = 2_000
/** Fewer are wanted once fewer would have done for twenty boots, within these bounds; then one by one, four times as quick. */
const calmBoots = 20
const calmMs = { least: 20_000, most: 300_000 } as const
const calmSteps = 4
/** A worker grows beyond what the others have had so far. */
const roomForGrowth = 1.25
/** For so long after memory was short nothing grows: the next worker would be the one to go again. */
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

/** Nothing is decided: the group has no workers, or it is not sure that it keeps them. */
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

/** One at a time, and the next one only when the memory of the last is free. */
function fewerForMemory(last: Autoscale, view: AutoscaleView): Autoscale | undefined {
  const { now, min, memory, mayGoBack } = view
  if (!memory || memory.used <= memory.limit || memory.isPassing || mayGoBack) return undefined
  if (last.workers <= min || now - last.changedAt < paceMs(view)) return undefined
  const text = `all processes have ${mebibytes(memory.used)}, and \`maxRssTotal\` is ${mebibytes(memory.limit)}`
  return change(last, now, last.workers - 1, { kind: 'memory', text })
}

/** What is not there serves nobody, and is tried again when there is still work for it. */
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

/** Workers for which there is memory. */
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
