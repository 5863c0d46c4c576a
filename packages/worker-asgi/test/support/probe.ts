/** What an app and the log tell a test. */
import { EventEmitter, once } from 'node:events'
import type { LogFields, Logger } from '@tunicorn/arbiter/worker'
import { expect } from 'vitest'

export class Probe {
  /** What the app has noted, in order. */
  readonly notes: unknown[] = []
  readonly lines: { readonly level: keyof Logger; readonly text: string }[] = []
  readonly log: Logger
  readonly #events = new EventEmitter()

  constructor() {
    const logger =
      (level: keyof Logger) =>
      (message: string, { error }: LogFields = {}): void => {
        this.lines.push({ level, text: error === undefined ? message : `${message} ${String(error)}` })
        this.#events.emit('change')
      }
    this.log = { debug: logger('debug'), info: logger('info'), warn: logger('warn'), error: logger('error') }
  }

  note(value: unknown): void {
    this.notes.push(value)
    this.#events.emit('change')
  }

  /** Notes whether a promise was rejected, and with what. */
  async noteOutcome(promise: Promise<unknown>): Promise<void> {
    await promise.then(
      () => this.note('resolved'),
      (error: unknown) => this.note(error),
    )
  }

  /** Resolves with the first `count` notes when there are so many. */
  async noted(count = 1): Promise<readonly unknown[]> {
    while (this.notes.length < count) await once(this.#events, 'change')
    return this.notes.slice(0, count)
  }

  /** Resolves with a line of the log that matches. */
  async logged(pattern: RegExp): Promise<string> {
    for (;;) {
      const line = this.lines.find(({ text }) => pattern.test(text))
      if (line !== undefined) return line.text
      await once(this.#events, 'change')
    }
  }

  expectNoErrors(): void {
    expect(this.lines.filter(({ level }) => level === 'error')).toEqual([])
  }
}

/** What `expect` takes for an `AsgiProtocolError`. */
export const protocolError: unknown = expect.objectContaining({ code: 'ERR_ASGI_PROTOCOL' })

/** What `expect` takes for a `ClientDisconnectedError`. */
export const disconnectedError: unknown = expect.objectContaining({ code: 'ERR_ASGI_DISCONNECTED' })
