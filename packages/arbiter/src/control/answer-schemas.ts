/** What a client accepts as an answer. It drops members that it does not know, because a newer server may send more. */
import * as v from 'valibot'
import type { GuardsOf } from '../protocol/guards-of.js'
import type { ScaledGroup } from '../supervision/scale.js'
import type { ControlEvent } from './control-event.js'
import type { ExitStatus, ReloadStatus, ServerStatus } from './status.js'
import type { WorkerInspector } from './worker-inspector.js'
import type { WorkerStack } from './worker-stack.js'

const text = v.string()
const count = v.pipe(v.number(), v.finite())
const moment = v.pipe(v.string(), v.isoTimestamp())
const pid = v.nullable(count)
const reason = v.object({ kind: text, text })
const error = v.object({ code: text, message: text })
const phase = v.picklist(['starting', 'serving', 'parked', 'reloading', 'upgrading', 'stopping'])
const workerPhase = v.picklist(['booting', 'standby', 'promoting', 'serving', 'draining', 'closed'])

export const lastReloadSchema: v.GenericSchema<unknown, ReloadStatus> = v.object({
  result: v.picklist(['done', 'failed']),
  at: moment,
  error: v.nullable(error),
})

const arbiter = v.object({
  pid: count,
  version: text,
  nodeVersion: text,
  generation: count,
  state: phase,
  startedAt: moment,
  rss: v.nullable(count),
  lastReload: v.nullable(lastReloadSchema),
})

const worker = v.object({
  age: count,
  generation: count,
  slot: count,
  pid,
  state: workerPhase,
  reason: v.nullable(reason),
  startedAt: moment,
  lastSeenAt: moment,
  inFlight: count,
  connections: count,
  gauges: v.record(text, count),
  requests: count,
  rss: count,
  eventLoopUtilization: count,
  eventLoopDelayP99: count,
  busySince: v.nullable(moment),
  requestsInFlight: v.array(
    // Servers of earlier versions do not send the id.
    v.object({ method: text, target: text, startedAt: moment, id: v.optional(v.nullable(text), null) }),
  ),
})

export const exitSchema: v.GenericSchema<unknown, ExitStatus> = v.object({
  pid,
  age: count,
  generation: count,
  reason,
  isOrderly: v.boolean(),
  at: moment,
})

const group = v.object({
  name: text,
  workerClass: text,
  app: text,
  bind: v.array(text),
  // Servers of earlier versions do not send this.
  certificates: v.optional(v.array(v.object({ name: text, expiresAt: moment })), []),
  target: count,
  // Servers of earlier versions do not send this.
  autoscale: v.optional(
    v.nullable(
      v.object({
        min: count,
        max: count,
        isOn: v.boolean(),
        load: count,
        changedAt: moment,
        reason,
        isShortOfMemory: v.boolean(),
      }),
    ),
    null,
  ),
  // Servers of earlier versions do not send this.
  durations: v.optional(v.object({ bounds: v.array(count), counts: v.array(count) }), {
    bounds: [],
    counts: [],
  }),
  workers: v.array(worker),
  exits: v.array(exitSchema),
})

export const statusSchema: v.GenericSchema<unknown, ServerStatus> = v.object({
  api: v.literal(1),
  arbiter,
  groups: v.array(group),
})

const at = moment

const events = {
  status: v.object({ type: v.literal('status'), at, status: statusSchema }),
  arbiter: v.object({ type: v.literal('arbiter'), at, state: v.union([phase, v.literal('stopped')]) }),
  worker: v.object({
    type: v.literal('worker'),
    at,
    group: text,
    age: count,
    generation: count,
    slot: count,
    pid,
    from: v.nullable(workerPhase),
    state: workerPhase,
    reason: v.nullable(reason),
  }),
  exit: v.object({ type: v.literal('exit'), at, group: text, exit: exitSchema }),
  target: v.object({ type: v.literal('target'), at, group: text, from: count, to: count }),
  'reload-begun': v.object({ type: v.literal('reload-begun'), at }),
  'reload-done': v.object({ type: v.literal('reload-done'), at, generation: count }),
  'reload-failed': v.object({ type: v.literal('reload-failed'), at, error }),
} satisfies GuardsOf<ControlEvent>

export const eventSchema: v.GenericSchema<unknown, ControlEvent> = v.variant('type', Object.values(events))

export const eventTypes: ReadonlySet<string> = new Set(Object.keys(events))

export const doneSchema: v.GenericSchema<unknown, { readonly ok: true }> = v.object({ ok: v.literal(true) })

export const scaledSchema: v.GenericSchema<unknown, { readonly groups: readonly ScaledGroup[] }> = v.object({
  ok: v.literal(true),
  groups: v.array(
    v.object({ name: text, from: count, to: count, isAutoscaleOff: v.exactOptional(v.boolean()) }),
  ),
})

export const stackSchema: v.GenericSchema<unknown, WorkerStack> = v.object({
  ok: v.literal(true),
  worker: v.object({ age: count, pid }),
  state: v.picklist(['running', 'waiting', 'native', 'paused']),
  stack: text,
  requests: v.array(v.object({ method: text, target: text, ms: count, id: v.exactOptional(text) })),
})

export const inspectorSchema: v.GenericSchema<unknown, WorkerInspector> = v.object({
  ok: v.literal(true),
  worker: v.object({ age: count, pid }),
  url: v.nullable(text),
  isAppElsewhere: v.boolean(),
  requestsLeft: v.nullable(count),
})

export const errorSchema: v.GenericSchema<
  unknown,
  { readonly error: { readonly code: string; readonly message: string } }
> = v.object({ ok: v.literal(false), error })
