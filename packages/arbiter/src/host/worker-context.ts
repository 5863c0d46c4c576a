/** What a worker class is told about its surroundings, and what it may ask of them. */
import type { AccessLog } from '../access-log/access-log.js'
import { loadApp } from '../app/load.js'
import type { Logger } from '../contract/logger.js'
import type { AnyWorkerClass, WorkerContext } from '../contract/worker-class.js'
import { TunicornError } from '../errors.js'
import type { WorkerInit } from '../protocol/messages.js'
import type { AppLink } from './app-link.js'
import type { Heartbeat } from './heartbeat.js'
import type { HostAdoption } from './host-adoption.js'
import type { HostListener } from './host-listener.js'
import type { RequestLedger } from './request-ledger.js'

export interface ContextParts {
  readonly init: WorkerInit
  readonly adoption: HostAdoption
  readonly listeners: readonly HostListener[]
  readonly log: Logger
  readonly ledger: RequestLedger
  readonly heartbeat: Heartbeat
  readonly accessLog: AccessLog | undefined
  readonly appLink: AppLink
  retire(reason: string): void
  allBegun(): void
}

/** @throws TunicornError `CONFIG_INVALID` for the options of the worker class */
export async function createContext(
  workerClass: AnyWorkerClass,
  parts: ContextParts,
): Promise<WorkerContext> {
  const { init, log, ledger, heartbeat, accessLog, appLink } = parts
  // Where nobody is served, an app that listens does so on its own.
  const isServed = parts.listeners.length > 0
  const adoption = init.settings.adoptListen && isServed ? parts.adoption : undefined
  return {
    group: init.group,
    age: init.age,
    generation: init.generation,
    slot: init.slot,
    app: {
      url: init.app.url,
      exportName: init.app.exportName,
      kind: init.app.kind,
      async load() {
        appLink.sayLoading()
        const { name, capabilities } = workerClass
        return appLink.loaded(
          await loadApp({ ...init.app, adoption, workerClass: name }, capabilities.appKinds),
        )
      },
      ...(adoption && { adoption }),
    },
    listeners: parts.listeners,
    settings: init.settings,
    options: await validOptions(workerClass, init.options),
    log,
    notify: () => heartbeat.notify(),
    beginRequest: head => ledger.begin(head),
    refused: reason => ledger.refuse(reason),
    ...(accessLog?.needs && { outcomeDetails: accessLog.needs }),
    broadcast: (data, options) => appLink.broadcasts.broadcast(data, options),
    onBroadcast: listener => appLink.broadcasts.subscribe(listener),
    appReady: () => appLink.readiness.say(),
    allBegun: () => parts.allBegun(),
    retire: reason => parts.retire(reason),
  }
}

async function validOptions(workerClass: AnyWorkerClass, given: unknown): Promise<unknown> {
  if (!workerClass.options) return {}
  const result = await workerClass.options['~standard'].validate(given)
  if (!result.issues) return result.value
  throw new TunicornError(
    'CONFIG_INVALID',
    result.issues.map(({ message }: { readonly message: string }) => message).join('; '),
  )
}
