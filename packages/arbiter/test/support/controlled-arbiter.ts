/** The built arbiter in a process of its own, with a control socket that no other server of this user shares. */
import { mkdir } from 'node:fs/promises'
import { ControlClient } from '@tunicorn/arbiter/control'
import { type RunningProcess, type TemporaryDirectory, temporaryDirectory } from '@tunicorn/harness'
import { type ArbiterStart, startArbiter } from './start-arbiter.js'

/** Environment in which no other server is found. */
interface ControlEnvironment extends Readonly<Record<string, string>> {
  readonly XDG_RUNTIME_DIR: string
  readonly TMPDIR: string
}

export interface ControlledArbiter extends AsyncDisposable {
  readonly server: RunningProcess
  readonly client: ControlClient
  readonly env: ControlEnvironment
}

/** A home for the control sockets of one test. */
export async function controlHome(): Promise<TemporaryDirectory & { readonly env: ControlEnvironment }> {
  const directory = await temporaryDirectory()
  await mkdir(`${directory.path}/run`, { mode: 0o700 })
  await mkdir(`${directory.path}/tmp`)
  return {
    ...directory,
    env: { XDG_RUNTIME_DIR: `${directory.path}/run`, TMPDIR: `${directory.path}/tmp` },
  }
}

/** Resolves when it serves. */
export async function controlledArbiter({
  settings,
  env,
  ...start
}: ArbiterStart = {}): Promise<ControlledArbiter> {
  const home = await controlHome()
  const server = await startArbiter({
    ...start,
    settings: { app: './app.mjs', bind: '127.0.0.1:0', ...settings },
    env: { ...home.env, ...env },
  })
  await server.waitForOutput(/^serving/m)
  return {
    server,
    env: home.env,
    client: new ControlClient(`${home.env.XDG_RUNTIME_DIR}/tunicorn/${server.pid}.sock`),
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]()
      await home[Symbol.asyncDispose]()
    },
  }
}
