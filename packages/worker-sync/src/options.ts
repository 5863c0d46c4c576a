/**
 * The options of the class. Their schema is written by hand: every worker process validates its options, and loading a schema
 * library would take a good part of its boot.
 */
import { describeValue, type StandardSchemaV1 } from '@tunicorn/arbiter/worker'

/** `workerOptions` of the worker class `sync`. */
export interface SyncOptions {
  /** Booted workers in standby, in addition to the serving ones. @default the number of workers */
  readonly spares?: number
  /** Whether a thread in each worker captures the stack of a request that blocks the event loop. @default false */
  readonly watchdog: boolean
}

/** The options as users write them. */
export type GivenSyncOptions = Partial<SyncOptions>

type Issues = StandardSchemaV1.Issue[]

export const syncOptions: StandardSchemaV1<GivenSyncOptions, SyncOptions> = {
  '~standard': { version: 1, vendor: 'tunicorn', validate: parse },
}

function parse(given: unknown): StandardSchemaV1.Result<SyncOptions> {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    return { issues: [{ message: `expected an object of options, got ${describeValue(given)}` }] }
  const { spares, watchdog, ...others }: { readonly [name: string]: unknown } = { ...given }
  const issues: Issues = Object.keys(others).map(name => ({
    path: [name],
    message: 'there is no such option: the options are `spares` and `watchdog`',
  }))
  const hasSpares = isCount(spares)
  if (spares !== undefined && !hasSpares)
    issues.push({
      path: ['spares'],
      message: `expected a whole number, 0 or more, got ${describeValue(spares)}`,
    })
  if (watchdog !== undefined && typeof watchdog !== 'boolean')
    issues.push({ path: ['watchdog'], message: `expected true or false, got ${describeValue(watchdog)}` })
  if (issues.length > 0) return { issues }
  return { value: { ...(hasSpares && { spares }), watchdog: watchdog === true } }
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0
}
