/** Requests that change something. They carry the token that only this page knows. */
import type { WorkerStack } from '@tunicorn/arbiter/control'
import type { Lane } from '../shared/lane.js'
import type { Plan } from '../shared/plan.js'
import type { Progress } from '../shared/progress.js'
import type { Release } from '../shared/release.js'

export class Orders {
  readonly #headers: Readonly<Record<string, string>>

  constructor(token: string) {
    this.#headers = { 'content-type': 'application/json', 'x-demo-token': token }
  }

  async deploy(isBroken: boolean): Promise<Release> {
    const response = await this.#post('/api/deploy', { isBroken })
    // The web group of this demo made it from a checked release.
    return (await response.json()) as Release
  }

  async scale(lane: Lane, by: 1 | -1): Promise<void> {
    await this.#post('/api/scale', { lane, by })
  }

  async kill(pid: number): Promise<void> {
    await this.#post('/api/kill', { pid })
  }

  /** @throws Error when the worker cannot give one */
  async stack(pid: number): Promise<WorkerStack> {
    const response = await this.#post('/api/stack', { pid })
    // The control client of the web group has checked it.
    return (await response.json()) as WorkerStack
  }

  /**
   * Runs a plan. Resolves when the run is over, even if `signal` has stopped it.
   *
   * @throws Error when it could not begin, or was lost with the worker that relayed it
   */
  async run(plan: Plan, report: (progress: Progress) => void, signal: AbortSignal): Promise<void> {
    let isDone = false
    try {
      const response = await this.#post('/api/runs', plan, signal)
      for await (const line of linesOf(response)) {
        // Made by the load runner of this demo.
        const progress = JSON.parse(line) as Progress
        report(progress)
        isDone = progress.type === 'done'
      }
    } catch (error) {
      if (signal.aborted) return
      throw error
    }
    if (!isDone) throw new Error('The run was cut: the worker that relayed it has ended')
  }

  async #post(path: string, body: unknown, signal: AbortSignal | null = null): Promise<Response> {
    const headers = this.#headers
    const response = await fetch(path, { method: 'POST', headers, signal, body: JSON.stringify(body) })
    if (response.ok) return response
    throw new Error(await problemOf(response))
  }
}

async function problemOf(response: Response): Promise<string> {
  const body: unknown = await response.json().catch(() => undefined)
  if (typeof body === 'object' && body !== null && 'problem' in body) return String(body.problem)
  return `The server answered ${response.status}`
}

async function* linesOf(response: Response): AsyncGenerator<string> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ''
  for (let part = await reader?.read(); part?.value !== undefined; part = await reader?.read()) {
    const lines = (rest + part.value).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
}
