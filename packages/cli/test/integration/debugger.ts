/** A debugger as Chrome or an editor is one: attached to an inspector through its WebSocket. */
import { EventEmitter, once } from 'node:events'
import { WebSocket } from 'ws'

/** Where it has paused. */
export interface Pause {
  readonly url: string
  readonly line: number
}

export class DebuggerClient implements AsyncDisposable {
  readonly #socket: WebSocket
  readonly #events = new EventEmitter()
  readonly #scripts = new Map<string, string>()
  #sent = 0

  private constructor(socket: WebSocket) {
    this.#socket = socket
    socket.on('message', data => this.#receive(String(data)))
  }

  static async attach(url: string): Promise<DebuggerClient> {
    const socket = new WebSocket(url)
    const client = new DebuggerClient(socket)
    await once(socket, 'open')
    client.send('Runtime.enable')
    await client.#ask('Debugger.enable')
    return client
  }

  /** Lets a process go on that waits for a debugger. */
  ready(): void {
    this.send('Runtime.runIfWaitingForDebugger')
  }

  /** The next pause. To be called before what leads to it. */
  async paused(): Promise<Pause> {
    const [pause]: Pause[] = await once(this.#events, 'paused')
    if (!pause) throw new Error('The event has a pause')
    return pause
  }

  get isAttached(): boolean {
    return this.#socket.readyState === WebSocket.OPEN
  }

  send(method: string): void {
    this.#sent += 1
    this.#socket.send(JSON.stringify({ id: this.#sent, method }))
  }

  /** Until the process has answered, nothing is in force: it runs past a breakpoint. */
  async #ask(method: string): Promise<void> {
    this.send(method)
    await once(this.#events, `answer ${this.#sent}`)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#socket.readyState === WebSocket.CLOSED) return
    const closed = once(this.#socket, 'close')
    this.#socket.close()
    await closed
  }

  #receive(text: string): void {
    const { id, method, params } = JSON.parse(text)
    if (id !== undefined) this.#events.emit(`answer ${id}`)
    if (method === 'Debugger.scriptParsed') this.#scripts.set(params.scriptId, params.url)
    if (method !== 'Debugger.paused') return
    const { scriptId, lineNumber } = params.callFrames[0].location
    this.#events.emit('paused', { url: this.#scripts.get(scriptId) ?? '', line: lineNumber + 1 })
  }
}
