/** One thread as the event loop sees it: a Piscina task that lasts as long as the thread, and a port to it. */
import { MessageChannel, type MessagePort, receiveMessageOnPort } from 'node:worker_threads'
import { type AppAdoption, type AskedAddress, type SendHint, TunicornError } from '@tunicorn/arbiter/worker'
import type { Piscina } from 'piscina'
import { fromErrorData, toErrorData } from '../protocol/error-data.js'
import type { FromThread, ThreadInit, ToThread } from '../protocol/messages.js'
import { isDone, type RequestMessageBack, type ThreadRequest } from './thread-request.js'

/** A broadcast from a thread, as JSON. */
export type Broadcast = Extract<FromThread, { readonly type: 'broadcast' }>

export type ThreadState = 'starting' | 'ready' | 'retiring' | 'condemned' | 'dead'

export interface PoolThreadParts {
  /** For logs. Counts up in the order of starting, and is never reused. */
  readonly number: number
  readonly piscina: Piscina
  readonly init: ThreadInit
  readonly adoption: AppAdoption | undefined
  /** How long the app may take to end. After that, the thread is ended by force. */
  readonly stopMs: number
  readonly observer: PoolThreadObserver
  /** Milliseconds of a monotonic clock. */
  now(): number
}

export interface PoolThreadObserver {
  /** A request has left the thread, which can now take another one. */
  freed(thread: PoolThread, request: ThreadRequest): void
  /** The thread has ended or is lost. Its requests are still in `requests`. Called once. */
  died(thread: PoolThread, error: Error): void
  /** The app in the thread broadcasts. */
  broadcast(thread: PoolThread, broadcast: Broadcast): void
  /** The contents of the metric registries of the app in the thread, as JSON. */
  measured(thread: PoolThread, text: string): void
  /** A warning. Every thread of the app may give the same one. */
  warned(text: string): void
  /** The app called `process.send`. */
  hinted(about: SendHint): void
  /** A handler rejected after its response had ended. */
  failedLate(thread: PoolThread, error: Error): void
}

/** The number of broadcasts that may wait for a thread that does not read. */
const maxUnheard = 4_096

export class PoolThread {
  readonly number: number
  /** By id, in the order of starting. */
  readonly requests: Map<number, ThreadRequest> = new Map()
  /** Resolves when the app is loaded; rejects with the app's error. */
  readonly ready: Promise<void>
  /** Resolves when the thread is gone, whatever ended it. */
  readonly exited: Promise<void>
  readonly #parts: PoolThreadParts
  readonly #port: MessagePort
  #state: ThreadState = 'starting'
  #threadId = 0
  #begun = 0
  #unheard = 0
  #readyAtMs = 0
  #isStopped = false
  #isCondemned = false
  #becomeReady: () => void = ignore
  #becomeUnready: (error: Error) => void = ignore

  constructor(parts: PoolThreadParts) {
    this.#parts = parts
    this.number = parts.number
    this.ready = new Promise((resolve, reject) => {
      this.#becomeReady = resolve
      this.#becomeUnready = reject
    })
    const { port1, port2 } = new MessageChannel()
    this.#port = port1
    port1.on('message', (message: FromThread) => this.#receive(message))
    this.exited = parts.piscina
      .run({ port: port2, init: parts.init }, { transferList: [port2] })
      .catch((error: unknown) => this.#ended(error instanceof Error ? error : new Error(String(error))))
  }

  get state(): ThreadState {
    return this.#state
  }

  /** Node's id of the thread. 0 before it is ready. */
  get threadId(): number {
    return this.#threadId
  }

  /** Requests that it has been given so far. */
  get begun(): number {
    return this.#begun
  }

  /** Time since it was ready. 0 before that. */
  get ageMs(): number {
    return this.#threadId === 0 ? 0 : this.#parts.now() - this.#readyAtMs
  }

  /** It is to be ended by force, or has been. */
  get isCondemned(): boolean {
    return this.#isCondemned
  }

  /** It was told to exit. */
  get isStopped(): boolean {
    return this.#isStopped
  }

  start(request: ThreadRequest): void {
    this.#begun += 1
    this.requests.set(request.id, request)
    request.start((message, transfer) => this.#post(message, transfer), this.#parts.now())
  }

  /** Another worker or thread broadcasts. `false`: too many broadcasts already wait for the thread. */
  hear(text: string): boolean {
    if (this.#state === 'starting' || this.#state === 'dead') return true
    if (this.#unheard >= maxUnheard) return false
    this.#unheard += 1
    this.#post({ type: 'broadcast', text })
    return true
  }

  /** Takes no more requests, and exits when it has none left. */
  retire(): void {
    if (this.#state !== 'ready') return
    this.#state = 'retiring'
    this.#stopWhenIdle()
  }

  /** Takes no more requests, and is to be ended by force. */
  condemn(): void {
    this.#isCondemned = true
    if (this.#state !== 'dead') this.#state = 'condemned'
  }

  /** Asks the app to close and the thread to exit. A thread that is not ready yet exits when it next checks. */
  stop(): void {
    if (this.#isStopped) return
    this.#isStopped = true
    if (this.#state === 'starting') return this.#port.close()
    this.#post({ type: 'stop' })
    const timer = setTimeout(() => void this.terminate(), this.#parts.stopMs)
    timer.unref()
    void this.exited.then(() => clearTimeout(timer))
  }

  /** Gives the thread up: from now on, its messages are ignored. */
  lose(error: Error): void {
    if (this.#state === 'dead') return
    this.#state = 'dead'
    this.#port.close()
    this.#becomeUnready(
      new TunicornError('APP_LOAD_FAILED', `The thread ended while it loaded the app: ${error.message}`, {
        cause: error,
      }),
    )
    this.#parts.observer.died(this, error)
  }

  /** Ends the thread by force. Resolves when it is gone. */
  async terminate(): Promise<void> {
    const { threads } = this.#parts.piscina
    await threads.find(candidate => candidate.threadId === this.#threadId)?.terminate()
  }

  /** Messages that the thread sent before its end may still be unread. An answer among them must not be lost. */
  #ended(error: Error): void {
    for (;;) {
      const received = receiveMessageOnPort(this.#port)
      if (received === undefined) break
      this.#receive(received.message)
    }
    this.lose(error)
  }

  #receive(message: FromThread): void {
    if (this.#state === 'dead') return
    switch (message.type) {
      case 'ready':
        this.#threadId = message.threadId
        this.#readyAtMs = this.#parts.now()
        this.#state = 'ready'
        return this.#becomeReady()
      case 'unready': {
        const error = fromErrorData(message.error)
        this.#becomeUnready(
          message.code === undefined ? error : new TunicornError(message.code, error.message, causeOf(error)),
        )
        return this.stop()
      }
      case 'heard':
        this.#unheard -= message.count
        return
      case 'broadcast':
        return this.#parts.observer.broadcast(this, message)
      case 'metrics':
        return this.#parts.observer.measured(this, message.text)
      case 'warning':
        return this.#parts.observer.warned(message.text)
      case 'hint':
        return this.#parts.observer.hinted(message.about)
      case 'asks':
        return void this.#settle(message.asked)
      case 'closed':
        return this.#parts.adoption?.closed()
      case 'unserved':
        return this.#parts.adoption?.unserved(message.text)
      default:
        return this.#pass(message)
    }
  }

  async #settle(asked: AskedAddress): Promise<void> {
    try {
      this.#post({ type: 'settled', addresses: (await this.#parts.adoption?.settle(asked)) ?? [] })
    } catch (error) {
      const code = error instanceof TunicornError ? error.code : undefined
      this.#post({ type: 'refused', error: toErrorData(error), code })
    }
  }

  #pass(message: RequestMessageBack): void {
    const request = this.requests.get(message.id)
    if (request === undefined) {
      if (message.type === 'failed') this.#parts.observer.failedLate(this, fromErrorData(message.error))
      return
    }
    const isOver = isDone(message)
    if (isOver) this.requests.delete(message.id)
    request.receive(message, this.#parts.now())
    if (!isOver) return
    this.#parts.observer.freed(this, request)
    if (this.#state === 'retiring') this.#stopWhenIdle()
  }

  #stopWhenIdle(): void {
    if (this.requests.size === 0) this.stop()
  }

  #post(message: ToThread, transfer: readonly ArrayBuffer[] = []): void {
    if (this.#state !== 'dead') this.#port.postMessage(message, transfer)
  }
}

function causeOf({ cause }: Error): ErrorOptions | undefined {
  return cause === undefined ? undefined : { cause }
}

function ignore(): void {}
