/** The built command with an app of this folder, two workers of the class `event-loop` and a free port. */
import { fileURLToPath } from 'node:url'
import { type RunningProcess, servingUrl, startTunicorn, type TunicornOptions } from '@tunicorn/harness'
import { Agent, request } from 'undici'

/** The folder with one file or folder for every app. */
export const apps: string = fileURLToPath(new URL('../apps/', import.meta.url))

/** Two workers of the class `event-loop` on a free port, and reloads that do not wait. */
export const usual: readonly string[] = [
  ...['-k', 'event-loop', '-w', '2', '-b', '127.0.0.1:0'],
  ...['--canary-seconds', '0'],
]

/** Starts the command for an app and waits until it serves. `args` come last. */
export async function serve(app: string, options: Partial<TunicornOptions> = {}): Promise<Served> {
  const { args = [], ...rest } = options
  const running = await startTunicorn({ cwd: apps, ...rest, args: [app, ...usual, ...args] })
  return whenServing(running)
}

/** Waits until a command that was started serves. Ends it when it never does. */
export async function whenServing(running: RunningProcess): Promise<Served> {
  try {
    return new Served(running, await servingUrl(running))
  } catch (error) {
    await running[Symbol.asyncDispose]()
    throw error
  }
}

export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
}

export interface Ask {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'HEAD'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
}

/** A server that was started by a test, and a client of it. */
export class Served implements AsyncDisposable {
  readonly running: RunningProcess
  /** The first address. */
  readonly url: string
  readonly #agent = new Agent()

  constructor(running: RunningProcess, url: string) {
    this.running = running
    this.url = url
  }

  get output(): string {
    return this.running.output
  }

  /** One request with undici, over connections that are kept. */
  async ask(path: string, { method = 'GET', headers, body }: Ask = {}): Promise<Reply> {
    const response = await request(`${this.url}${path}`, {
      dispatcher: this.#agent,
      method,
      ...(headers !== undefined && { headers }),
      ...(body !== undefined && { body }),
    })
    return { status: response.statusCode, headers: response.headers, text: await response.body.text() }
  }

  /** Posts a value as JSON. */
  post(path: string, value: unknown): Promise<Reply> {
    return this.ask(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(value),
    })
  }

  /** Ends the server with TERM, as an operator does; its client leaves first. */
  async stop(): Promise<{ readonly code: number | null; readonly signal: string | null }> {
    await this.#agent.destroy()
    return this.running.stop('SIGTERM')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#agent.destroy()
    await this.running[Symbol.asyncDispose]()
  }
}
