/** The built demo, running. */
import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import type { ControlEvent, ServerStatus } from '@tunicorn/arbiter/control'
import { type RunningProcess, servingUrl, startProcess, startTunicorn } from '@tunicorn/harness'
import type { Lane } from '../../src/shared/lane.js'
import type { Plan } from '../../src/shared/plan.js'
import type { LaneSummary, Progress } from '../../src/shared/progress.js'
import { readEvents } from './read-events.js'

export const demoFolder: string = fileURLToPath(new URL('../..', import.meta.url))

/** The groups of the demo. */
export const lanes: readonly Lane[] = ['isolated', 'web', 'cpu', 'live']

export interface Answer {
  readonly status: number
  readonly body: string
}

/** Any free port; the log says which. */
const environment = { PORT: '0', TUNICORN_CMD_ARGS: '--log-level info' }

export class Demo implements AsyncDisposable {
  readonly process: RunningProcess
  readonly url: string
  /** What is in the page. */
  readonly token: string
  /** The private directory. */
  readonly directory: string

  private constructor(running: RunningProcess, url: string, page: string) {
    this.process = running
    this.url = url
    this.token = /name="demo-token" content="([^"]+)"/.exec(page)?.[1] ?? ''
    this.directory = /unix:(\S+)\/web\.sock/.exec(running.output)?.[1] ?? ''
  }

  static async start(variables: Readonly<Record<string, string>> = {}): Promise<Demo> {
    const env = { ...environment, ...variables }
    return await Demo.#ready(await startTunicorn({ args: [], cwd: demoFolder, env }))
  }

  /** As a user does. */
  static async startWithNpm(): Promise<Demo> {
    return await Demo.#ready(
      await startProcess('npm', ['start', '--silent'], { cwd: demoFolder, env: environment }),
    )
  }

  /** Resolves when every group serves. */
  static async #ready(running: RunningProcess): Promise<Demo> {
    try {
      const url = await servingUrl(running)
      const demo = new Demo(running, url, await (await fetch(url)).text())
      await demo.waitForStatus(({ groups }) =>
        groups.every(
          ({ workers, target }) => workers.filter(({ state }) => state === 'serving').length >= target,
        ),
      )
      return demo
    } catch (error) {
      await running[Symbol.asyncDispose]()
      throw error
    }
  }

  /** A request as the page sends it, or with other fields. */
  send(method: string, path: string, body?: unknown, fields: Record<string, string> = {}): Promise<Answer> {
    const headers = { 'x-demo-token': this.token, origin: this.url, ...fields }
    return new Promise((resolve, reject) => {
      // Not `fetch`, which does not let a test choose `Host`.
      const sent = request(new URL(path, this.url), { method, headers, agent: false }, response => {
        text(response).then(answer => resolve({ status: response.statusCode ?? 0, body: answer }), reject)
      })
      sent.on('error', reject)
      sent.end(body === undefined ? undefined : JSON.stringify(body))
    })
  }

  /** The summaries of a run that has ended. */
  async run(plan: Plan): Promise<readonly LaneSummary[]> {
    const { body } = await this.send('POST', '/api/runs', plan)
    // Made by the load runner. A test that expects something else of it fails.
    const lines = body.split('\n').flatMap(line => (line === '' ? [] : [JSON.parse(line) as Progress]))
    if (lines.at(-1)?.type !== 'done') throw new Error(`The run did not end well: ${body}`)
    return lines.flatMap(line => (line.type === 'summary' ? [line.summary] : []))
  }

  /** Resolves with the first status that is wanted. The feed ends with the worker that sends it, and goes on with another. */
  async waitForStatus(isWanted: (status: ServerStatus) => boolean): Promise<ServerStatus> {
    const signal = AbortSignal.timeout(30_000)
    for (;;) {
      for await (const data of readEvents(`${this.url}/api/feed`, signal)) {
        // Checked by the control client of the demo.
        const event = JSON.parse(data) as ControlEvent
        if (event.type === 'status' && isWanted(event.status)) return event.status
      }
    }
  }

  /** As Ctrl-C does; an arbiter that is killed cannot remove its directory. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.process.stop('SIGINT')
  }
}
