/** An app that is served in this process, with a probe, until the test ends. */

import { RawClient } from '@tunicorn/harness/vitest'
import { type App, type AsgiServer, type ServeOptions, serve } from '@tunicorn/worker-asgi'
import { onTestFinished } from 'vitest'
import { Probe } from './probe.js'

export interface Scene {
  readonly server: AsgiServer
  readonly port: number
  readonly probe: Probe
  connect(): Promise<RawClient>
}

export async function startScene(makeApp: (probe: Probe) => App, options: ServeOptions = {}): Promise<Scene> {
  const probe = new Probe()
  const server = await serve(makeApp(probe), { port: 0, log: probe.log, ...options })
  onTestFinished(() => server.close(0))
  const { address } = server
  const port = typeof address === 'string' ? 0 : address.port
  const connect = (): Promise<RawClient> => RawClient.connect(typeof address === 'string' ? address : port)
  return { server, port, probe, connect }
}
