/** A service that serves in this process, closed with the test. */

import type { IncomingMessage, ServerResponse } from 'node:http'
import { type AppKind, LocalListener, type WorkerSettings } from '@tunicorn/arbiter/worker'
import { HttpService, type HttpServiceOptions, resolveHttpApp } from '@tunicorn/http'
import { onTestFinished } from 'vitest'
import { TestContext } from './test-context.js'

export type Handler = (req: IncomingMessage, res: ServerResponse) => unknown

export interface RunningService {
  readonly service: HttpService
  readonly context: TestContext
  readonly listener: LocalListener
  readonly port: number
  readonly url: string
}

export interface ServiceOptions extends Omit<HttpServiceOptions, 'settings'> {
  readonly settings?: Partial<WorkerSettings>
  readonly listeners?: readonly [LocalListener, ...LocalListener[]]
}

export async function startService(handler: Handler, options: ServiceOptions = {}): Promise<RunningService> {
  return await startApp({ kind: 'node', value: handler }, options)
}

export async function startApp(
  app: { readonly kind: AppKind; readonly value: unknown },
  { settings, listeners = [new LocalListener()], ...options }: ServiceOptions = {},
): Promise<RunningService> {
  const context = new TestContext(listeners, settings)
  const service = new HttpService(await resolveHttpApp(app, context.settings), context, options)
  onTestFinished(() => service.close())
  await service.serve()
  const [listener] = listeners
  return { service, context, listener, port: listener.port, url: `http://127.0.0.1:${listener.port}` }
}
