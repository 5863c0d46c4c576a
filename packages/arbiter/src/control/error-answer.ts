/** Errors as answers: `{ "ok": false, "error": { "code", "message" } }` with a fitting status. */
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

/** The configuration or the app is what is wrong, and not the request: nothing that the server could mend. */
const failedStatus = 422

export function errorAnswer(error: unknown): TextAnswer {
  const body = { ok: false, error: errorStatus(error) }
  if (error instanceof Refusal) return { ...json(error.status, body), headers: error.headers }
  return json(error instanceof TunicornError ? (statuses[error.code] ?? failedStatus) : 500, body)
}

/** An error without a code is a defect, or the operating system's. */
export function errorStatus(error: unknown): ErrorStatus {
  const message = error instanceof Error ? error.message : String(error)
  return { code: error instanceof TunicornError ? error.code : 'UNEXPECTED', message }
}
