/** The hooks that run in a worker process. The config file is read again here, because functions cannot cross processes. */

import type { Logger } from '../contract/logger.js'
import type { RequestHead, RequestObserver, RequestOutcome } from '../contract/request.js'
import type { HookWorker, WorkerHooks } from '../hooks/hooks.js'
import { runHook, runHookOrThrow } from '../hooks/run-hook.js'
import { readConfigFile } from '../modules/config-file.js'

export class WorkerHookRunner implements RequestObserver {
  readonly #hooks: WorkerHooks
  readonly #worker: HookWorker
  readonly #log: Logger
  readonly #pending = new Set<Promise<void>>()

  private constructor(hooks: WorkerHooks, worker: HookWorker, log: Logger) {
    this.#hooks = hooks
    this.#worker = worker
    this.#log = log
  }

  static async load(file: string, worker: HookWorker, log: Logger): Promise<WorkerHookRunner> {
    const { value } = await readConfigFile(file, process.cwd())
    // The arbiter has just validated the same file. If a hook is no longer a function, calling it fails.
    return new WorkerHookRunner(value as WorkerHooks, worker, log)
  }

  /** @throws what the hook throws: the boot then fails */
  async required(name: 'postFork' | 'postWorkerInit'): Promise<void> {
    const hook = this.#hooks[name]
    if (hook) await runHookOrThrow({ name, run: () => hook(this.#worker), log: this.#log })
  }

  async optional(name: 'workerInt' | 'workerExit'): Promise<void> {
    const hook = this.#hooks[name]
    if (hook) await runHook({ name, run: () => hook(this.#worker), log: this.#log })
  }

  begun(head: RequestHead): void {
    const { preRequest, postRequest } = this.#hooks
    if (preRequest) this.#start('preRequest', () => preRequest(this.#worker, head))
    // Reading it now caches it, so that it is still known after the connection is gone.
    if (postRequest) void head.remoteAddress
  }

  ended(head: RequestHead, outcome: RequestOutcome): void {
    const { postRequest } = this.#hooks
    if (postRequest) this.#start('postRequest', () => postRequest(this.#worker, head, outcome))
  }

  /** Resolves when no request hook is running any more. */
  async settled(): Promise<void> {
    await Promise.all(this.#pending)
  }

  #start(name: string, run: () => unknown): void {
    const running: Promise<void> = runHook({ name, run, log: this.#log }).finally(() =>
      this.#pending.delete(running),
    )
    this.#pending.add(running)
  }
}
