/** Turns a loaded app into a `NodeApp`, by its kind. */
import { type LoadedApp, TunicornError, type WorkerSettings } from '@tunicorn/arbiter/worker'
import { ForwardedReader } from '../forwarded/forwarded-reader.js'
import type { NodeApp } from './node-app.js'
import { resolveNodeApp } from './resolve-node-app.js'

/**
 * Resolves with what `HttpService` serves, for apps of the kinds `node` and `fetch`.
 *
 * @throws TunicornError `APP_KIND_UNSUPPORTED` for other kinds, `APP_NOT_USABLE` when the value is not of its kind
 */
export async function resolveHttpApp(
  app: LoadedApp,
  settings: Pick<WorkerSettings, 'forwardedAllowIps' | 'forwardedHeaders'>,
): Promise<NodeApp> {
  if (app.kind === 'node') return await resolveNodeApp(app.value)
  if (app.kind !== 'fetch')
    throw new TunicornError(
      'APP_KIND_UNSUPPORTED',
      `Expected an app of kind "node" or "fetch", got "${app.kind}"`,
    )
  // Workers that do not need the web types do not load them.
  const { resolveFetchApp } = await import('./resolve-fetch-app.js')
  return resolveFetchApp(app.value, new ForwardedReader(settings))
}
