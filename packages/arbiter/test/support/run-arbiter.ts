/** Runs the built arbiter with the plain worker class of the fixtures, in a process of its own. */

import { fileURLToPath } from 'node:url'
import { type RunningProcess, startProcess, testNode } from '@tunicorn/harness'

export const fixtures: string = fileURLToPath(new URL('../fixtures/', import.meta.url))

const runner = `${fixtures}run.mjs`

/** Two plain workers on a free port. */
export const plainSettings: Readonly<Record<string, unknown>> = {
  chdir: fixtures,
  app: './app.mjs',
  workerClass: './plain-class.mjs',
  workers: 2,
  bind: '127.0.0.1:0',
  logFormat: 'text',
  // Most tests look at what comes after it.
  canarySeconds: 0,
}

/** Starts an arbiter with these settings on top of the plain ones. Does not wait for it. */
export function runArbiter(
  settings: Readonly<Record<string, unknown>> = {},
  fds: readonly number[] = [],
): Promise<RunningProcess> {
  const config = { ...plainSettings, ...settings }
  return startProcess(testNode(), [runner, JSON.stringify(config)], { cwd: fixtures, fds })
}

/** The URL of the first address, once the arbiter serves. */
export async function servingAt(server: RunningProcess): Promise<string> {
  const [, json = '[]'] = await server.waitForOutput(/^serving (.*)$/m)
  const [first]: { readonly address: string; readonly port: number; readonly family: string }[] =
    JSON.parse(json)
  if (!first) throw new Error('the arbiter serves nowhere')
  return first.family === 'IPv6'
    ? `http://[${first.address}]:${first.port}`
    : `http://${first.address}:${first.port}`
}

export interface Identity {
  readonly pid: number
  readonly env?: string
}

/** Asks the app who it is. */
export async function ask(url: string): Promise<Identity> {
  const response = await fetch(url, { signal: AbortSignal.timeout(20_000) })
  const identity: Identity = JSON.parse(await response.text())
  return identity
}
