/** A stand-in for systemd that receives what the real `systemd-notify` sends. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { type RunningProcess, startProcess } from '@tunicorn/harness'

/** The programs that are needed and not here. */
export function missingPrograms(): readonly string[] {
  const isMissing = (name: string): boolean => spawnSync(name, ['--version']).status !== 0
  return ['python3', 'systemd-notify'].filter(isMissing)
}

export interface Received {
  /** Seconds of a monotonic clock. */
  readonly at: number
  readonly fields: Readonly<Record<string, string>>
}

export class NotifyReceiver implements AsyncDisposable {
  readonly path: string
  readonly #process: RunningProcess

  private constructor(path: string, process: RunningProcess) {
    this.path = path
    this.#process = process
  }

  static async start(path: string): Promise<NotifyReceiver> {
    const script = fileURLToPath(new URL('./notify-receiver.py', import.meta.url))
    const process = await startProcess('python3', [script, path])
    await process.waitForOutput(/^receiving$/m)
    return new NotifyReceiver(path, process)
  }

  /** Everything so far, in order; what systemd does not act upon (a barrier) left out. */
  get received(): readonly Received[] {
    const lines = [...this.#process.output.matchAll(/^message (.*)$/gm)]
    return lines
      .map(([, json = '']): Received => JSON.parse(json))
      .filter(({ fields }) => !('BARRIER' in fields))
  }

  /** Messages with this field, in order. */
  with(name: string): readonly Received[] {
    return this.received.filter(({ fields }) => name in fields)
  }

  /** Resolves once there are `count` messages with the field. */
  async waitFor(name: string, count = 1): Promise<void> {
    await this.#process.waitForOutput(new RegExp(`("${name}": [\\s\\S]*){${count}}`), 30_000)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#process[Symbol.asyncDispose]()
  }
}
