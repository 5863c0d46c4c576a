/** Turns errors into answers: `{ "ok": false, "error": { "code", "message" } }` with a fitting status. */
import { type ErrorCode, TunicornError } from '../errors.js'
import { json, Refusal, type TextAnswer } from './route.js'
import type { ErrorStatus } from './status.js'

const statuses: Partial<Readonly<Record<ErrorCode, number>>> = {
  GROUP_UNKNOWN: 404,
  WORKER_UNKNOWN: 404,
  WORKER_BUSY: 409,
  ARBITER_STOPPED: 409,
  UPGRADE_REFUSED: 409,
}

/** The fault is in the configuration or the app, and not in the request or the server. */
const failedStatus = 422

export function errorAnswer(error: unknown): TextAnswer {
  const body = { ok: false, error: errorStatus(error) }
  if (error instanceof Refusal) return { ...json(error.status, body), headers: error.headers }
  return json(error instanceof TunicornError ? (statuses[error.code] ?? failedStatus) : 500, body)
}

/** An error without a code is a defect or comes from the operating system. */
export function errorStatus(error: unknown): ErrorStatus {
  const message = error instanceof Error ? error.message : String(error)
  return { code: error instanceof TunicornError ? error.code : 'UNEXPECTED', message }
}
