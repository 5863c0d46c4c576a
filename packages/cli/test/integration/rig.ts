/** Servers that `tunicorn ctl` and `tunicorn top` are tried on. */
import { mkdir } from 'node:fs/promises'
import { ControlClient, type ServerStatus } from '@tunicorn/arbiter/control'
import { type RunningProcess, servingUrl, startTunicorn } from '@tunicorn/harness'
import { createProject, type Ending, type Project, runToEnd } from './project.js'

const app = `
import { existsSync } from 'node:fs'
if (existsSync('broken')) throw new Error('broken on purpose')
export default (request, response) => {
  if (request.url === '/slow') return void setTimeout(() => response.end('slow'), 20_000)
  response.end('hello')
}
`

export interface Rig extends AsyncDisposable {
  readonly project: Project
  readonly env: Readonly<Record<string, string>>
  ctl(...args: readonly string[]): Promise<Ending>
  /** Of the server that was started first. */
  status(): Promise<ServerStatus>
  /** Starts a server, and waits until it can be found. */
  serve(...args: readonly string[]): Promise<RunningProcess>
}

/** A project, and a place for control sockets that no other server of this user shares. */
export async function rig(): Promise<Rig> {
  const project = await createProject({ 'app.mjs': app })
  const env = { XDG_RUNTIME_DIR: `${project.path}/run`, TMPDIR: `${project.path}/tmp` }
  await mkdir(env.XDG_RUNTIME_DIR)
  await mkdir(env.TMPDIR)
  const servers: RunningProcess[] = []
  const ctl = (...args: readonly string[]): Promise<Ending> => runToEnd(project, ['ctl', ...args], env)
  return {
    project,
    env,
    ctl,
    status() {
      return new ControlClient(`${env.XDG_RUNTIME_DIR}/tunicorn/${servers[0]?.pid}.sock`).status()
    },
    async serve(...args) {
      const quick = ['--canary-seconds', '0', '--log-level', 'debug']
      const given = ['app.mjs', '-k', 'event-loop', '-b', '127.0.0.1:0', ...quick, ...args]
      const server = await startTunicorn({ args: given, cwd: project.path, env })
      servers.push(server)
      if (!args.includes('off')) await server.waitForOutput(/Control socket at/)
      await servingUrl(server)
      return server
    },
    async [Symbol.asyncDispose]() {
      for (const server of servers) await server[Symbol.asyncDispose]()
      await project[Symbol.asyncDispose]()
    },
  }
}
