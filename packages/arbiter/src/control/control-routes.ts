/** The calls of the control API. */
import * as v from 'valibot'
import { TunicornError } from '../errors.js'
import { maxScaled, type ScaleOrder } from '../supervision/scale.js'
import type { Controlled } from './controlled.js'
import type { EventStream } from './event-stream.js'
import { examinationRoutes } from './examination-routes.js'
import { parseBody } from './parse-body.js'
import { type Answer, type Call, json, jsonText, type Route } from './route.js'

export interface ControlRouteParts {
  readonly controlled: Controlled
  readonly events: EventStream
  statusText(): string
  /** Resolves when all workers of a stopping server are gone. */
  readonly ended: Promise<void>
}

const workers = v.pipe(v.number(), v.integer(), v.minValue(-maxScaled), v.maxValue(maxScaled))
const scaleBody = v.pipe(
  v.strictObject({
    group: v.optional(v.string()),
    by: v.optional(workers),
    to: v.optional(v.pipe(workers, v.minValue(1))),
  }),
  v.transform(({ group, by, to }): ScaleOrder | undefined => {
    if (by !== undefined && to === undefined) return { type: 'by', workers: by, group }
    return to !== undefined && by === undefined ? { type: 'to', workers: to, group } : undefined
  }),
  v.custom<ScaleOrder>(order => order !== undefined, 'One of `by` and `to` is needed, and only one'),
)
const stopBody = v.optional(
  v.strictObject({ mode: v.optional(v.picklist(['graceful', 'quick', 'kill']), 'graceful') }),
  {},
)
const noBody = v.optional(v.strictObject({}), {})

export function controlRoutes({
  controlled,
  events,
  statusText,
  ended,
}: ControlRouteParts): readonly Route[] {
  return [
    { method: 'GET', path: '/status', handle: () => jsonText(200, statusText()) },
    {
      method: 'GET',
      path: '/events',
      handle() {
        events.requireRoom()
        return { type: 'stream', start: response => events.add(response) }
      },
    },
    {
      method: 'POST',
      path: '/reload',
      handle(call) {
        parseBody(noBody, call.body)
        requireRunning(controlled)
        return whenAsked(call, controlled.reload())
      },
    },
    {
      method: 'POST',
      path: '/scale',
      handle(call) {
        const order = parseBody(scaleBody, call.body)
        requireRunning(controlled)
        const groups = controlled.scale(order)
        return whenAsked(call, controlled.whenScaled(groups, call.signal), { groups })
      },
    },
    {
      method: 'POST',
      path: '/stop',
      handle(call) {
        const { mode } = parseBody(stopBody, call.body)
        controlled.stop(mode)
        return whenAsked(call, ended)
      },
    },
    ...examinationRoutes(controlled),
  ]
}

/** Answers at once, or with `?wait=1` when it is done. What fails after the answer appears in the log and the events. */
async function whenAsked(
  { query }: Call,
  done: Promise<unknown>,
  facts: Readonly<Record<string, unknown>> = {},
): Promise<Answer> {
  const isAwaited = query.get('wait') === '1'
  if (isAwaited) await done
  else done.catch(() => {})
  return json(isAwaited ? 200 : 202, { ok: true, ...facts })
}

function requireRunning(controlled: Controlled): void {
  if (controlled.phase() === 'stopping') throw new TunicornError('ARBITER_STOPPED', 'The server is stopping')
}
