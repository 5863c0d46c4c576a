/** What an app of the kind `resp` is made of. */

/** What a command may answer. Text and bytes become bulk strings. */
export type Reply = string | number | Uint8Array | null | undefined | Status | readonly Reply[]

/** A simple string, such as `OK`. */
export interface Status {
  readonly status: string
}

/** What a command gets besides its arguments. */
export interface CommandContext {
  /** Aborts when the client has left or the worker has to end, because nobody waits for the answer any more. */
  readonly signal: AbortSignal
  /** Absent on Unix sockets. */
  readonly remoteAddress: string | undefined
}

/**
 * Carries out a command. `args` are what follows its name, as bytes: the protocol knows no encoding.
 *
 * A thrown {@link CommandError} is sent to the client. Anything else is logged, and the client learns no detail of it.
 */
export type Command = (args: readonly Buffer[], context: CommandContext) => Reply | Promise<Reply>

/** The commands of an app, by name in lower case. PING, ECHO, INFO and QUIT are built in. */
export type RespApp = Readonly<Record<string, Command>>

/** A problem that the client should know. `message` begins with a code in capitals: `ERR value is not an integer`. */
export class CommandError extends Error {
  override name = 'CommandError'
}

/** Before their first command, clients ask with INFO whether the server is loading. */
const builtIn: RespApp = {
  ping: ([text]) => text ?? { status: 'PONG' },
  echo: ([text]) => text,
  info: () => `redis_mode:standalone\r\nprocess_id:${process.pid}\r\nloading:0\r\n`,
  quit: () => ({ status: 'OK' }),
}

/** @throws TypeError when the value is not an app of the kind `resp` */
export function commandsOf(app: unknown): ReadonlyMap<string, Command> {
  if (typeof app !== 'object' || app === null)
    throw new TypeError('An app of kind `resp` is an object of commands')
  const commands = new Map(Object.entries(builtIn))
  for (const [name, command] of Object.entries(app)) {
    if (typeof command !== 'function') throw new TypeError(`The command \`${name}\` is not a function`)
    commands.set(name.toLowerCase(), command)
  }
  return commands
}
