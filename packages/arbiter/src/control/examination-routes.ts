/** The calls of the control API that examine a running worker. */
import type { ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import * as v from 'valibot'
import type { FileExamination } from '../protocol/messages.js'
import type { WorkerRow } from '../supervision/worker-table.js'
import type { Controlled } from './controlled.js'
import { EvidenceFile } from './evidence-file.js'
import { findWorker } from './find-worker.js'
import { parseBody } from './parse-body.js'
import { type Answer, json, type Route } from './route.js'

/** Longest profile, in seconds. */
const maxProfileSeconds = 300

const worker = v.pipe(v.number(), v.integer(), v.minValue(1))
const workerBody = v.strictObject({ worker })
const profileBody = v.strictObject({
  worker,
  seconds: v.optional(v.pipe(v.number(), v.minValue(1), v.maxValue(maxProfileSeconds)), 10),
})

const inspectBody = v.strictObject({
  worker,
  port: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(65_535)), 0),
  close: v.optional(v.boolean(), false),
})

export function examinationRoutes(controlled: Controlled): readonly Route[] {
  const find = (number: number): WorkerRow => findWorker(controlled.state.table.rows(), number)
  return [
    {
      method: 'POST',
      path: '/stack',
      async handle({ body, signal }) {
        const row = find(parseBody(workerBody, body).worker)
        const { stack } = await controlled.examine(row, { type: 'stack' }, signal)
        return json(200, { ok: true, worker: { age: row.age, pid: row.pid ?? null }, ...stack })
      },
    },
    {
      method: 'POST',
      path: '/inspect',
      async handle({ body, signal }) {
        const { worker, port, close } = parseBody(inspectBody, body)
        const row = find(worker)
        const order = close ? ({ type: 'close' } as const) : ({ type: 'open', port } as const)
        const { inspector } = await controlled.examine(row, { type: 'inspect', order }, signal)
        return json(200, {
          ok: true,
          worker: { age: row.age, pid: row.pid ?? null },
          url: inspector?.url ?? null,
          isAppElsewhere: inspector?.isAppElsewhere ?? false,
          requestsLeft: inspector?.requestsLeft ?? null,
        })
      },
    },
    {
      method: 'POST',
      path: '/profile',
      handle({ body, signal }) {
        const { worker, seconds } = parseBody(profileBody, body)
        return fileOf(controlled, find(worker), { examination: { type: 'profile', seconds }, signal })
      },
    },
    {
      method: 'POST',
      path: '/heap-snapshot',
      handle({ body, signal }) {
        const { worker } = parseBody(workerBody, body)
        return fileOf(controlled, find(worker), { examination: { type: 'heap-snapshot' }, signal })
      },
    },
  ]
}

/** The file is removed before its last byte is sent, or when nobody is left to receive it. */
async function fileOf(
  controlled: Controlled,
  row: WorkerRow,
  { examination, signal }: { readonly examination: FileExamination; readonly signal: AbortSignal },
): Promise<Answer> {
  const file = await EvidenceFile.prepare(controlled.identityOf(row))
  try {
    await controlled.examine(row, { type: 'file', examination, file: file.path }, signal)
    const { handle, bytes } = await file.open()
    const start = (response: ServerResponse): void => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': bytes })
      // A client that disconnects is not an error. The stream closes the handle in any case.
      const content = handle.createReadStream({ start: 0, ...(bytes > 0 && { end: bytes - 1 }) })
      pipeline(content, response).catch(() => {})
    }
    if (!signal.aborted) return { type: 'stream', start }
    await handle.close()
    throw signal.reason
  } finally {
    await file.remove()
  }
}
