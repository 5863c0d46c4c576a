/** What a worker class and the settings say of one worker. */
import type { AnyWorkerClass, WorkerContext } from '../contract/worker-class.js'
import { TunicornError } from '../errors.js'
import type { WorkerInit } from '../protocol/messages.js'

/** Why a worker goes that has served so many. */
export const limitReason = (begun: number): string =>
  `max-requests: ${begun} request${begun === 1 ? '' : 's'} served`

/** Workers that prove their own liveness are short-lived as a rule: a thread in each would cost more than it tells. */
export function wantsWatchdog(
  workerClass: AnyWorkerClass,
  context: WorkerContext,
  init: WorkerInit,
): boolean {
  const { group, settings, options } = context
  const input = { group, settings, options, workers: init.workers, given: new Set(init.given) }
  return workerClass.watchdog?.(input) ?? workerClass.capabilities.heartbeat === 'host'
}

/** The number of requests after which this worker is to be replaced; 0 = never. */
export function requestLimit({ settings }: WorkerInit): number {
  const { maxRequests, maxRequestsJitter } = settings
  return maxRequests === 0 ? 0 : maxRequests + Math.floor(Math.random() * (maxRequestsJitter + 1))
}

/** @throws TunicornError `CONFIG_INVALID` */
export async function validOptions(workerClass: AnyWorkerClass, given: unknown): Promise<unknown> {
  if (!workerClass.options) return {}
  const result = await workerClass.options['~standard'].validate(given)
  if (!result.issues) return result.value
  throw new TunicornError(
    'CONFIG_INVALID',
    result.issues.map(({ message }: { readonly message: string }) => message).join('; '),
  )
}
