/** The suite's end of a stage. It hears what the app tells, wherever the app runs, and lets it go on. */
import { EventEmitter, once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { createInterface } from 'node:readline'

export class Stage implements AsyncDisposable {
  /** Path of the Unix socket on which the app connects. */
  readonly path: string
  /** What the app has told, in the order of arrival. */
  readonly events: string[] = []
  /** The process and the thread of every app that was loaded, as `pid:thread`, in order. */
  readonly instances: string[] = []
  /** The slots that the apps see, in the order of loading. Empty where an app sees none. */
  readonly slots: string[] = []
  /** What others have broadcast, by the instance that heard it, in the order of arrival. */
  readonly heard: Map<string, unknown[]> = new Map()
  /** Instances that are gone. */
  readonly ended: Set<string> = new Set()
  readonly #cues: string[] = []
  readonly #sockets = new Set<Socket>()
  readonly #server: Server
  readonly #changes = new EventEmitter()

  private constructor(path: string) {
    this.path = path
    this.#changes.setMaxListeners(0)
    this.#server = createServer(socket => this.#welcome(socket))
  }

  static async open(path: string): Promise<Stage> {
    const stage = new Stage(path)
    stage.#server.listen(path)
    await once(stage.#server, 'listening')
    return stage
  }

  /** The instances whose app module was evaluated. They are known at once, unlike those that have connected. */
  get loaded(): readonly string[] {
    try {
      return readFileSync(`${this.path}.loaded`, 'utf8').split('\n').slice(0, -1)
    } catch {
      return []
    }
  }

  count(event: string): number {
    return this.events.filter(told => told === event).length
  }

  /** Lets every app go on that waits for the cue, now or later. */
  cue(name: string): void {
    this.#cues.push(name)
    for (const socket of this.#sockets) socket.write(`${name}\n`)
  }

  /** Resolves when the app has told the event this many times. */
  async until(event: string, times = 1): Promise<void> {
    await this.when(() => this.count(event) >= times)
  }

  /** Resolves when the condition holds. It is checked whenever the app has told something. */
  async when(holds: () => boolean): Promise<void> {
    while (!holds()) await once(this.#changes, 'change')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise<void>(resolve => this.#server.close(() => resolve()))
  }

  #welcome(socket: Socket): void {
    let instance = ''
    this.#sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => {
      this.#sockets.delete(socket)
      this.ended.add(instance)
      this.#changes.emit('change')
    })
    for (const cue of this.#cues) socket.write(`${cue}\n`)
    const lines = createInterface({ input: socket })
    // It re-emits the errors of the socket.
    lines.on('error', () => {})
    lines.on('line', line => {
      const [, type, text = ''] = /^(\w+) (.*)$/.exec(line) ?? []
      if (type === 'instance') instance = text
      this.#note(type, text, instance)
      this.#changes.emit('change')
    })
  }
  /** What the app has told, with counts, for the message of a failure. */
  summary(): string {
    const names = [...new Set(this.events)].map(event => `\`${event}\` × ${this.count(event)}`)
    const told = names.length === 0 ? 'nothing' : names.join(', ')
    const heard = [...this.heard.values()].reduce((sum, values) => sum + values.length, 0)
    return `the app was loaded × ${this.loaded.length}, told ${told}, heard broadcasts × ${heard}`
  }

  #note(type: string | undefined, text: string, instance: string): void {
    switch (type) {
      case 'instance':
        this.instances.push(text)
        this.heard.set(text, [])
        return
      case 'slot':
        this.slots.push(text)
        return
      case 'heard':
        this.heard.get(instance)?.push(JSON.parse(text))
        return
      default:
        this.events.push(text)
    }
  }
}
