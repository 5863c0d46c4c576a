/** The settings by which requests are judged. */
import type { WorkerSettings } from '@tunicorn/arbiter/worker'

/** Bytes and counts; 0 = off. */
export type RequestLimits = Pick<
  WorkerSettings,
  'limitRequestLine' | 'limitRequestFields' | 'limitRequestFieldSize' | 'limitRequestBody' | 'headerMap'
>
