/** The hooks that run in the arbiter: none of them can hold up or end supervision. */

import type { Logger } from '../contract/logger.js'
import type { ArbiterHooks, HookExit, HookServer, HookWorker } from '../hooks/hooks.js'
import { runHook, runHookOrThrow } from '../hooks/run-hook.js'
import type { WorkerRow } from './worker-table.js'

export class ArbiterHookRunner {
  readonly #log: Logger
  readonly #server: () => HookServer
  #hooks: ArbiterHooks

  constructor(hooks: ArbiterHooks, log: Logger, server: () => HookServer) {
    this.#hooks = hooks
    this.#log = log
    this.#server = server
  }

  /** A reload brings hooks of its own. */
  replace(hooks: ArbiterHooks): void {
    this.#hooks = hooks
  }

  /** @throws what the hook throws: nothing is bound yet, and the start fails */
  async starting(): Promise<void> {
    const { onStarting } = this.#hooks
    if (onStarting)
      await runHookOrThrow({ name: 'onStarting', run: () => onStarting(this.#server()), log: this.#log })
  }

  async exit(exitCode: number): Promise<void> {
    const { onExit } = this.#hooks
    if (onExit) await runHook({ name: 'onExit', run: () => onExit(this.#server(), exitCode), log: this.#log })
  }

  ready(): void {
    const { whenReady } = this.#hooks
    if (whenReady) this.#start('whenReady', () => whenReady(this.#server()))
  }

  reload(): void {
    const { onReload } = this.#hooks
    if (onReload) this.#start('onReload', () => onReload(this.#server()))
  }

  preFork(row: WorkerRow): void {
    const { preFork } = this.#hooks
    if (preFork) this.#start('preFork', () => preFork(this.#server(), describe(row)))
  }

  workerAbort(row: WorkerRow): void {
    const { workerAbort } = this.#hooks
    if (workerAbort) this.#start('workerAbort', () => workerAbort(this.#server(), describe(row)))
  }

  childExit(row: WorkerRow, exit: HookExit): void {
    const { childExit } = this.#hooks
    if (childExit) this.#start('childExit', () => childExit(this.#server(), describe(row), exit))
  }

  workersChanged(group: string, from: number, to: number): void {
    const { nworkersChanged } = this.#hooks
    if (nworkersChanged)
      this.#start('nworkersChanged', () => nworkersChanged(this.#server(), { group, from, to }))
  }

  #start(name: string, run: () => unknown): void {
    void runHook({ name, run, log: this.#log })
  }
}

function describe({ group, age, generation, slot, pid }: WorkerRow): HookWorker {
  return { group, age, generation, slot, ...(pid !== undefined && { pid }) }
}
