/** User functions that run at certain points in the life of the server. */
import type { RequestHead, RequestOutcome } from '../contract/request.js'

/** The arbiter, as a hook sees it. */
export interface HookServer {
  readonly pid: number
  readonly version: string
  /** The number of reloads so far. */
  readonly generation: number
}

/** A worker, as a hook sees it. */
export interface HookWorker {
  readonly group: string
  readonly age: number
  readonly generation: number
  /** Its place among the workers of the group, 0 … n−1. A successor has the slot of its predecessor. */
  readonly slot: number
  /** Absent before the process exists. */
  readonly pid?: number
}

/** How a worker process ended. */
export interface HookExit {
  readonly code: number | null
  readonly signal: string | null
  /** One word for the cause, as in the status: `reload`, `timeout`, `boot-failed`, … */
  readonly reason: string
}

type HookResult = void | Promise<void>

/** Hooks that run in the arbiter. Keep them short: while one computes, the arbiter does nothing else. */
export interface ArbiterHooks {
  /** Before anything is bound. Awaited; an error ends the start with exit code 1. */
  readonly onStarting?: (server: HookServer) => HookResult
  /** Every group serves for the first time. */
  readonly whenReady?: (server: HookServer) => HookResult
  /** The configuration was read again; the new generation is about to boot. */
  readonly onReload?: (server: HookServer) => HookResult
  /** Before a worker process is started. */
  readonly preFork?: (server: HookServer, worker: HookWorker) => HookResult
  /** A worker was silent for its whole timeout and is about to be killed. */
  readonly workerAbort?: (server: HookServer, worker: HookWorker) => HookResult
  /** A worker process has ended. */
  readonly childExit?: (server: HookServer, worker: HookWorker, exit: HookExit) => HookResult
  /** The number of workers that a group should have has changed. */
  readonly nworkersChanged?: (
    server: HookServer,
    change: { readonly group: string; readonly from: number; readonly to: number },
  ) => HookResult
  /** Everything has ended. Awaited, but for no longer than any hook may take. */
  readonly onExit?: (server: HookServer, exitCode: number) => HookResult
}

/** Hooks that run in a worker process. It reads the config file again for them. */
export interface WorkerHooks {
  /** The process has started, but the app is not loaded yet. Awaited; an error fails the boot. */
  readonly postFork?: (worker: HookWorker) => HookResult
  /** The app is loaded. Awaited; an error fails the boot. */
  readonly postWorkerInit?: (worker: HookWorker) => HookResult
  /** The worker was told to stop at once. */
  readonly workerInt?: (worker: HookWorker) => HookResult
  /** A request begins. Not awaited. */
  readonly preRequest?: (worker: HookWorker, request: RequestHead) => HookResult
  /** A request has ended. Not awaited, but the worker does not exit before the hook is done. */
  readonly postRequest?: (worker: HookWorker, request: RequestHead, outcome: RequestOutcome) => HookResult
  /** The worker is about to exit by itself. Awaited. */
  readonly workerExit?: (worker: HookWorker) => HookResult
}

/** All hooks. An error is logged and changes nothing, unless stated otherwise; a hook may take ten seconds. */
export interface Hooks extends ArbiterHooks, WorkerHooks {}

export const arbiterHookNames: readonly (keyof ArbiterHooks)[] = [
  'onStarting',
  'whenReady',
  'onReload',
  'preFork',
  'workerAbort',
  'childExit',
  'nworkersChanged',
  'onExit',
]

export const workerHookNames: readonly (keyof WorkerHooks)[] = [
  'postFork',
  'postWorkerInit',
  'workerInt',
  'preRequest',
  'postRequest',
  'workerExit',
]

export const hookNames: readonly (keyof Hooks)[] = [...arbiterHookNames, ...workerHookNames]
