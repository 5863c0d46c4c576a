/** The limits of a request head. */
import type { WorkerSettings } from '@tunicorn/arbiter/worker'

/** Bytes and counts; 0 = off. */
export type RequestLimits = Pick<
  WorkerSettings,
  'limitRequestLine' | 'limitRequestFields' | 'limitRequestFieldSize' | 'limitRequestBody'
>

/** Those that are looked at field by field. */
export type FieldLimits = Pick<RequestLimits, 'limitRequestFieldSize' | 'limitRequestBody'>

/** Node reads heads as latin1, so the length of a string is its number of bytes. */
export function isLarge(name: string, value: string, limit: number): boolean {
  // The name, `: ` and the value.
  return limit > 0 && name.length + 2 + value.length > limit
}
