/** What the bytes of one connection ask for, and what it answers. */
import type { WorkerContext } from '@tunicorn/arbiter/worker'
import type { Conversation, Exchange, SocketConnection, Turn } from '@tunicorn/net'
import { type Command, CommandError, commandsOf, type Reply } from './app.js'
import { encodeError, encodeReply } from './reply.js'
import { ProtocolError, type Request, RequestParser } from './request-parser.js'

/** What all connections share. */
interface Shared {
  readonly commands: ReadonlyMap<string, Command>
  readonly log: WorkerContext['log']
  readonly maxCommandBytes: number
}

export class RespConversation implements Conversation {
  readonly #connection: SocketConnection
  readonly #shared: Shared
  readonly #parser: RequestParser

  constructor(connection: SocketConnection, shared: Shared) {
    this.#connection = connection
    this.#shared = shared
    this.#parser = new RequestParser(shared.maxCommandBytes)
  }

  /** @throws TypeError when the value is not an app of the kind `resp` */
  static with(
    app: unknown,
    { log, options }: WorkerContext<{ readonly maxCommandBytes: number }>,
  ): (connection: SocketConnection) => RespConversation {
    const shared: Shared = { commands: commandsOf(app), log, ...options }
    return connection => new RespConversation(connection, shared)
  }

  get isWithinRequest(): boolean {
    return this.#parser.isWithinRequest
  }

  *receive(chunk: Buffer): Generator<Turn> {
    try {
      for (const request of this.#parser.push(chunk)) yield () => this.#execute(request)
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error
      yield () => this.#refuse(error.message)
    }
  }

  late(): void {
    this.#refuse('the command did not come in time')
  }

  #execute([name = Buffer.alloc(0), ...args]: Request): Promise<void> | undefined {
    const { socket, signal } = this.#connection
    const { remoteAddress } = socket
    const method = name.toString('latin1', 0, 64).toUpperCase()
    const target = args[0]?.toString('latin1', 0, 200) ?? ''
    const exchange = this.#connection.begin({ method, target, protocol: 'RESP', remoteAddress })
    try {
      const command = this.#shared.commands.get(method.toLowerCase())
      if (command === undefined) throw new CommandError(`ERR unknown command '${method}'`)
      const reply = command(args, { signal, remoteAddress })
      if (!(reply instanceof Promise)) return void this.#answer(exchange, reply)
      return reply.then(value => this.#answer(exchange, value)).catch(error => this.#fail(exchange, error))
    } catch (error) {
      return void this.#fail(exchange, error)
    }
  }

  #answer(exchange: Exchange, reply: Reply): void {
    this.#write(exchange, encodeReply(reply))
    if (exchange.head.method === 'QUIT') this.#connection.end()
  }

  #fail(exchange: Exchange, error: unknown): void {
    // Compared by name, because an app may have another copy of the module.
    if (error instanceof Error && error.name === 'CommandError')
      return this.#write(exchange, encodeError(error.message))
    this.#shared.log.error(`The command ${exchange.head.method} failed`, { error })
    exchange.fail(error)
    this.#write(exchange, encodeError('ERR internal error'))
  }

  #write(exchange: Exchange, bytes: Buffer): void {
    // It was reported when its connection closed.
    if (exchange.isOver) return
    this.#connection.socket.write(bytes)
    exchange.end('sent', { bytes: bytes.length })
  }

  /** Ends the connection, because what follows on it can no longer be understood. */
  #refuse(problem: string): undefined {
    this.#connection.socket.write(encodeError(`ERR Protocol error: ${problem}`))
    this.#connection.end()
  }
}
