/** One session at the screen: polls the server every second, and carries out the orders given by keys. */
import { setTimeout as wait } from 'node:timers/promises'
import { type ControlClient, TunicornError } from '@tunicorn/arbiter/control'
import { saveExamination, stackView } from '../ctl/examine.js'
import { printable } from '../ctl/quantities.js'
import type { Paints } from '../ctl/view.js'
import type { TerminalScreen } from './terminal-screen.js'
import { firstState, type Note, pressed, sampled, type TopOrder, type TopState } from './top-state.js'
import { topView } from './top-view.js'

const intervalMs = 1_000
/** A server whose process is stopped gives no answer at all. */
const answerMs = 5_000
const profileSeconds = 5

export interface TopParts {
  readonly client: ControlClient
  readonly screen: TerminalScreen
  readonly paint: Paints
}

export class TopSession {
  readonly #parts: TopParts
  readonly #leaving = new AbortController()
  readonly #orders = new Set<Promise<void>>()
  #state: TopState = firstState

  constructor(parts: TopParts) {
    this.#parts = parts
  }

  leave(): void {
    this.#leaving.abort()
  }

  /** Resolves when the user leaves. @throws TunicornError `CONTROL_UNREACHABLE` when the server has ended */
  async run(): Promise<void> {
    const { screen } = this.#parts
    const { signal } = this.#leaving
    screen.open({
      key: name => this.#press(name),
      resized: () => this.#draw(),
      gone: () => this.leave(),
    })
    try {
      while (!signal.aborted) {
        await this.#sample()
        this.#draw()
        await wait(intervalMs, undefined, { signal }).catch(() => {})
      }
    } finally {
      // Closed before anything is printed: from here on, output goes to the normal screen.
      screen.close()
      this.leave()
      await Promise.all(this.#orders)
    }
  }

  async #sample(): Promise<void> {
    const left = this.#leaving.signal
    try {
      const signal = AbortSignal.any([left, AbortSignal.timeout(answerMs)])
      const status = await this.#parts.client.status({ signal })
      this.#state = sampled(this.#state, { at: performance.now(), status })
    } catch (error) {
      if (left.aborted) return
      if (!isTimeout(error)) throw this.#ended(error)
      this.#state = { ...this.#state, isUnanswered: true }
    }
  }

  #ended(cause: unknown): unknown {
    if (!(cause instanceof TunicornError) || cause.code !== 'CONTROL_UNREACHABLE') return cause
    const { pid } = this.#state.samples.at(-1)?.status.arbiter ?? {}
    const who = pid === undefined ? 'The server' : `The server with the pid ${pid}`
    return new TunicornError('CONTROL_UNREACHABLE', `${who} has ended`, { cause })
  }

  #press(key: string): void {
    const { state, order } = pressed(this.#state, key)
    this.#state = state
    if (order?.type === 'quit') return this.leave()
    if (order) this.#begin(order)
    this.#draw()
  }

  #begin(order: TopOrder): void {
    const carriedOut = this.#carryOut(order)
      .catch(error => {
        const text = error instanceof Error ? error.message : String(error)
        this.#note({ mood: 'bad', text })
      })
      .finally(() => this.#orders.delete(carriedOut))
    this.#orders.add(carriedOut)
  }

  async #carryOut(order: TopOrder): Promise<void> {
    const { client } = this.#parts
    const { signal } = this.#leaving
    switch (order.type) {
      case 'reload':
        this.#say('Reloading…')
        await client.reload({ wait: true, signal })
        // The workers on the screen are gone, and a key would still refer to one of them.
        await this.#sample()
        return this.#say('Reload done')
      case 'scale': {
        const [group] = await client.scale({ group: order.group, by: order.by, signal })
        if (!group) return
        await this.#sample()
        const before = group.from === group.to ? 'as before' : `before: ${group.from}`
        return this.#say(`${group.name} is to have ${group.to} workers (${before})`)
      }
      case 'stack': {
        const stack = await client.stack({ worker: order.worker, signal })
        this.#state = { ...this.#state, page: stackView(stack).map(printable) }
        return this.#draw()
      }
      case 'profile': {
        this.#say(`Profiling worker ${order.worker} for ${profileSeconds} s…`)
        const { worker } = order
        const profile = { type: 'profile', worker, seconds: profileSeconds, output: undefined } as const
        return this.#say(`Written: ${await saveExamination(client, profile, { signal })}`)
      }
    }
  }

  #say(text: string): void {
    this.#note({ mood: 'plain', text })
  }

  #note({ mood, text }: Note): void {
    this.#state = { ...this.#state, note: { mood, text: printable(text.split('\n')[0] ?? '') } }
    this.#draw()
  }

  #draw(): void {
    const { paint, screen } = this.#parts
    if (this.#leaving.signal.aborted) return
    screen.draw(topView(this.#state, { now: Date.now(), paint, ...screen.size }))
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'TimeoutError'
}
