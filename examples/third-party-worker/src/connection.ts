/** One connection: its commands one after another, its answers in the same order, and its end. */
import { once } from 'node:events'
import type { Socket } from 'node:net'
import type { RequestOutcome, WorkerContext } from '@tunicorn/arbiter/worker'
import { type Command, CommandError, type Reply } from './app.js'
import type { RespOptions } from './options.js'
import { encodeError, encodeReply } from './reply.js'
import { ProtocolError, type Request, RequestParser } from './request-parser.js'

/** Commands that wait in a connection before no more is read from it. */
const maxWaiting = 1_000
/** How long a client that was told the end may take to close its side. */
const lastWordsMs = 1_000

export interface ConnectionParts {
  readonly socket: Socket
  readonly commands: ReadonlyMap<string, Command>
  readonly context: WorkerContext<RespOptions>
}

export class Connection {
  readonly #socket: Socket
  readonly #commands: ReadonlyMap<string, Command>
  readonly #context: WorkerContext<RespOptions>
  readonly #parser: RequestParser
  /** Commands that are complete; what carries one out resolves when it is answered, and at once when it was quick. */
  readonly #waiting: (() => Promise<void> | undefined)[] = []
  /** Aborts when nobody waits for an answer any more. */
  readonly #gone = new AbortController()
  #endRequest: ((outcome: RequestOutcome) => void) | undefined
  #isRunning = false
  #isLastReply: boolean
  #isEnding = false
  #hasAnswered = false
  #hasClientEnded = false
  #partialSinceMs: number | undefined
  #timer: NodeJS.Timeout | undefined

  constructor({ socket, commands, context }: ConnectionParts) {
    this.#socket = socket
    this.#commands = commands
    this.#context = context
    this.#parser = new RequestParser(context.options)
    this.#isLastReply = context.settings.keepAlive === 0
    socket.setNoDelay(true)
    socket.on('data', chunk => this.#receive(chunk))
    socket.on('end', () => this.#clientEnded())
    // The close that follows says all that matters.
    socket.on('error', () => {})
    socket.on('close', () => this.#closed())
    this.#expect()
  }

  /** From now on the connection ends with the first answer after which no command waits. */
  closeAfterReply(): void {
    this.#isLastReply = true
    this.#hasAnswered = false
  }

  /** Ends the connection unless a command is under way. */
  closeIfIdle(): void {
    if (!this.#isRunning && !this.#parser.isWithinRequest) this.#end()
  }

  cut(): void {
    this.#socket.destroy()
  }

  #receive(chunk: Buffer): void {
    // What crosses our end on its way is not carried out, so a client may safely send it again elsewhere.
    if (this.#isEnding) return
    try {
      for (const request of this.#parser.push(chunk)) {
        this.#partialSinceMs = undefined
        this.#waiting.push(() => this.#execute(request))
      }
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error
      this.#waiting.push(() => this.#refuse(error.message))
    }
    if (this.#waiting.length >= maxWaiting) this.#socket.pause()
    void this.#run()
  }

  async #run(): Promise<void> {
    if (this.#isRunning) return
    this.#isRunning = true
    clearTimeout(this.#timer)
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      // Quick commands are not awaited: the answers to a pipeline leave before anything else happens.
      const running = next()
      if (running !== undefined) await running
      if (this.#socket.writableNeedDrain)
        await once(this.#socket, 'drain', { signal: this.#gone.signal }).catch(() => {})
      if (this.#isEnding || this.#socket.destroyed) break
    }
    this.#isRunning = false
    if (this.#isEnding || this.#socket.destroyed) return
    this.#socket.resume()
    const isOver = this.#isLastReply && !this.#parser.isWithinRequest && this.#hasAnswered
    if (this.#hasClientEnded || isOver) this.#end()
    else this.#expect()
  }

  #execute([name = Buffer.alloc(0), ...args]: Request): Promise<void> | undefined {
    const method = name.toString('latin1', 0, 64).toUpperCase()
    const { remoteAddress } = this.#socket
    const from = remoteAddress === undefined ? {} : { remoteAddress }
    const target = args[0]?.toString('latin1', 0, 200) ?? ''
    this.#endRequest = this.#context.beginRequest({ method, target, protocol: 'RESP', ...from })
    const command = this.#commands.get(method.toLowerCase())
    try {
      if (command === undefined) throw new CommandError(`ERR unknown command '${method}'`)
      const reply = command(args, { signal: this.#gone.signal, ...from })
      if (reply instanceof Promise)
        return reply.then(
          value => this.#answer(value, method),
          error => this.#fail(error, method),
        )
      this.#answer(reply, method)
    } catch (error) {
      this.#fail(error, method)
    }
    return undefined
  }

  #answer(reply: Reply, method: string): void {
    if (this.#socket.destroyed) return
    try {
      this.#write(encodeReply(reply), { type: 'sent' })
    } catch (error) {
      return this.#fail(error, method)
    }
    if (method === 'QUIT') this.#end()
  }

  #fail(error: unknown, method: string): void {
    if (error instanceof Error && error.name === 'CommandError')
      return this.#write(encodeError(error.message), { type: 'sent' })
    this.#context.log.error(`The command ${method} failed`, { error })
    this.#write(encodeError('ERR internal error'), { type: 'failed', error })
  }

  #write(bytes: Buffer, outcome: RequestOutcome): void {
    // A cut request has been reported by the close.
    if (this.#socket.destroyed) return
    this.#socket.write(bytes)
    this.#hasAnswered = true
    this.#endRequest?.({ ...outcome, bytes: bytes.length })
    this.#endRequest = undefined
  }

  /** What follows on this connection cannot be understood any more. */
  #refuse(problem: string): undefined {
    this.#socket.write(encodeError(`ERR Protocol error: ${problem}`))
    this.#end()
  }

  /** A client that ends while it is owed an answer has left: this protocol has no use for half a connection. */
  #clientEnded(): void {
    this.#hasClientEnded = true
    if (this.#endRequest !== undefined) this.#socket.destroy()
    else if (!this.#isRunning) this.#end()
  }

  /** The time that the client has for its next byte, or for the rest of its command. */
  #expect(): void {
    clearTimeout(this.#timer)
    const { keepAlive, headersTimeout } = this.#context.settings
    if (!this.#parser.isWithinRequest) {
      this.#partialSinceMs = undefined
      if (keepAlive > 0) this.#timer = setTimeout(() => this.closeIfIdle(), keepAlive * 1_000)
      return
    }
    this.#partialSinceMs ??= performance.now()
    if (headersTimeout === 0) return
    const restMs = Math.max(0, this.#partialSinceMs + headersTimeout * 1_000 - performance.now())
    this.#timer = setTimeout(() => this.#refuse('the command did not come in time'), restMs)
  }

  /** Says goodbye, and waits until the client has heard it: a reset could overtake the last answers. */
  #end(): void {
    if (this.#isEnding) return
    this.#isEnding = true
    this.#socket.end()
    this.#socket.resume()
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#socket.destroy(), lastWordsMs)
  }

  #closed(): void {
    clearTimeout(this.#timer)
    this.#gone.abort()
    this.#endRequest?.({ type: 'aborted' })
    this.#endRequest = undefined
  }
}
