/** Parts that most workers do not need. Each is loaded only when it is wanted, because loading slows the boot of every worker. */

import type { AccessLog } from '../access-log/access-log.js'
import type { Logger } from '../contract/logger.js'
import type { AnyWorkerClass, WorkerContext } from '../contract/worker-class.js'
import type { WorkerInit } from '../protocol/messages.js'
import type { FlightRecorder } from './flight-recorder.js'
import type { RequestLedger } from './request-ledger.js'
import type { Watchdog } from './watchdog.js'
import type { WorkerHookRunner } from './worker-hooks.js'

export async function loadHooks(init: WorkerInit, log: Logger): Promise<WorkerHookRunner | undefined> {
  const { group, age, generation, slot, hooksFile } = init
  if (hooksFile === '') return undefined
  const { WorkerHookRunner } = await import('./worker-hooks.js')
  return WorkerHookRunner.load(hooksFile, { group, age, generation, slot, pid: process.pid }, log)
}

/** Opened before the app is loaded, so that a problem with the access log is reported first. */
export async function openAccessLog(init: WorkerInit, log: Logger): Promise<AccessLog | undefined> {
  const { accessLog, group, age, generation } = init
  if (!accessLog) return undefined
  const { AccessLog } = await import('../access-log/access-log.js')
  return new AccessLog(
    accessLog,
    { group, age, generation, pid: process.pid, env: process.env, fields: accessLog.fields },
    log,
  )
}

/** Workers that prove their own liveness are usually short-lived. A thread in each would cost more than its evidence is worth. */
export function wantsWatchdog(
  workerClass: AnyWorkerClass,
  { group, settings, options }: WorkerContext,
  init: WorkerInit,
): boolean {
  const input = { group, settings, options, workers: init.workers, given: new Set(init.given) }
  return workerClass.watchdog?.(input) ?? workerClass.capabilities.heartbeat === 'host'
}

export interface Watched {
  readonly threadUrl: URL
  readonly timeoutMs: number
  readonly ledger: RequestLedger
  readonly recorder: FlightRecorder | undefined
}

/** A worker that cannot start the thread still serves, with one warning. */
export async function startWatchdog(watched: Watched, log: Logger): Promise<Watchdog | undefined> {
  const { recorder, ...options } = watched
  const lost = (error: unknown): void =>
    log.warn('The worker serves without a watchdog: its heartbeat alone is watched', { error })
  try {
    const { Watchdog } = await import('./watchdog.js')
    return new Watchdog({
      ...options,
      ...(recorder && { flight: { shared: recorder.shared, fd: recorder.fd } }),
      lost,
    })
  } catch (error) {
    lost(error)
    return undefined
  }
}
