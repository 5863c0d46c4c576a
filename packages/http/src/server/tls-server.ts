/** An HTTP server whose connections are encrypted, with certificates that can be renewed while it serves. */
import type * as Https from 'node:https'
import { createRequire } from 'node:module'
import type * as Tls from 'node:tls'
import type { ListenerTls } from '@tunicorn/arbiter/worker'
import { contextFor, type NamedContext, namedContexts, renewedOptions, tlsOptions } from './tls-options.js'

// `node:https` and `node:tls` are loaded on demand, because they slow down the boot of workers that do not need them.
const load = createRequire(import.meta.url)

export function createTlsServer(
  options: Https.ServerOptions,
  tls: ListenerTls,
  onRenewed?: (renewed: (tls: ListenerTls) => void) => void,
): Https.Server {
  const https: typeof Https = load('node:https')
  const { createSecureContext }: typeof Tls = load('node:tls')
  const contextsOf = (of: ListenerTls): readonly NamedContext<Tls.SecureContext>[] =>
    namedContexts(of).map(({ name, context }) => ({ name, context: createSecureContext(context) }))
  let contexts = contextsOf(tls)
  // Contexts cannot be removed from Node's own list.
  const findContext: Tls.TlsOptions['SNICallback'] = (name, found) => found(null, contextFor(contexts, name))
  const server = https.createServer({
    ...options,
    ...tlsOptions(tls),
    ...(contexts.length > 0 && { SNICallback: findContext }),
  })
  onRenewed?.(renewed => {
    contexts = contextsOf(renewed)
    server.setSecureContext(renewedOptions(renewed))
  })
  return server
}
