/** The app's end of a stage. Runs wherever the app runs: in the test's process, a worker process, or a thread of one. */
import { once } from 'node:events'
import { appendFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { threadId } from 'node:worker_threads'
import { broadcast, onBroadcast } from '@tunicorn/arbiter/app'

/** How a fixture app communicates with the suite. It never keeps a process from exiting. */
export interface AppStage {
  /** Tells the suite that something has happened. Resolves when this was sent. */
  tell(event: string): Promise<void>
  /** Resolves when the suite gives the cue, or at once if it was given before. */
  cued(cue: string): Promise<void>
}

/** Variants of a fixture app that a clause may ask for. */
export interface AppVariant {
  /** The start-up of the app fails. Only for classes with a lifespan. */
  readonly failsToStart: boolean
}

/** The default export of a module with a fixture app. It makes the app that the worker class runs. */
export type CreateApp = (stage: AppStage, variant: AppVariant) => unknown

/** How often an app broadcasts on its cue: more than once, so that the order can be checked. */
export const broadcastsOnCue = 3

/**
 * Notes in a file that the app was loaded, and connects to the suite. It tells the slot that the app sees, and what
 * others broadcast. On the cue `broadcast`, it broadcasts too.
 */
export async function connectStage(path: string): Promise<AppStage> {
  const instance = `${process.pid}:${threadId}`
  // A file, because it can be written before anything is awaited.
  appendFileSync(`${path}.loaded`, `${instance}\n`)
  const socket = connect(path)
  await once(socket, 'connect')
  socket.unref()
  // The suite is gone when its test is over.
  socket.on('error', () => {})
  const cues = new Cues(socket)
  await write(socket, `instance ${instance}`)
  await write(socket, `slot ${process.env.TUNICORN_SLOT ?? ''}`)
  onBroadcast(data => void write(socket, `heard ${JSON.stringify(data)}`))
  void cues.cued('broadcast').then(() => {
    for (let count = 1; count <= broadcastsOnCue; count += 1) broadcast(`${instance} ${count}`)
  })
  return { tell: event => write(socket, `event ${event}`), cued: cue => cues.cued(cue) }
}

class Cues {
  readonly #given = new Set<string>()
  readonly #waiting = new Map<string, (() => void)[]>()

  constructor(socket: Socket) {
    const lines = createInterface({ input: socket })
    // It re-emits the errors of the socket.
    lines.on('error', () => {})
    lines.on('line', cue => {
      this.#given.add(cue)
      for (const resolve of this.#waiting.get(cue) ?? []) resolve()
      this.#waiting.delete(cue)
    })
  }

  cued(cue: string): Promise<void> {
    if (this.#given.has(cue)) return Promise.resolve()
    return new Promise(resolve => this.#waiting.set(cue, [...(this.#waiting.get(cue) ?? []), resolve]))
  }
}

function write(socket: Socket, line: string): Promise<void> {
  return new Promise(resolve => socket.write(`${line}\n`, () => resolve()))
}
