/** What an app of the kind `resp` is made of. */

/** What a command may answer. Text and bytes become bulk strings. */
export type Reply = string | number | Uint8Array | null | undefined | Status | readonly Reply[]

/** A simple string, such as `OK`. */
export interface Status {
  readonly status: string
}

/** What a command is told besides its arguments. */
export interface CommandContext {
  /** Aborts when the client has left, or the worker has to end: nobody waits for the answer any more. */
  readonly signal: AbortSignal
  /** Absent on Unix sockets. */
  readonly remoteAddress?: string
}

/**
 * Carries out a command. `args` are what follows its name, as bytes: the protocol knows no encoding.
 *
 * A thrown {@link CommandError} is told to the client; anything else is logged, and the client learns no detail of it.
 */
export type Command = (args: readonly Buffer[], context: CommandContext) => Reply | Promise<Reply>

/** The commands of an app, by name in lower case. Commands that every server has (PING, ECHO, INFO, QUIT) are built in. */
export type RespApp = Readonly<Record<string, Command>>

/** A problem that the client is to know. */
export class CommandError extends Error {
  /** `message` begins with a code in capitals: `ERR value is not an integer`. */
  constructor(message: string) {
    super(message)
    this.name = 'CommandError'
  }
}

/** @throws CommandError unless there are so many arguments */
export function requireArguments(args: readonly Buffer[], count: number): void {
  if (args.length !== count) throw new CommandError('ERR wrong number of arguments')
}

/** GET, SET, DEL and INCR on a map in memory: every worker has its own, and it ends with the worker. */
export function keyValueCommands(entries: Map<string, Buffer> = new Map()): RespApp {
  return {
    get(args) {
      requireArguments(args, 1)
      return entries.get(keyOf(args[0]))
    },
    set(args) {
      requireArguments(args, 2)
      entries.set(keyOf(args[0]), Buffer.from(args[1] ?? ''))
      return { status: 'OK' }
    },
    del(args) {
      return args.filter(key => entries.delete(keyOf(key))).length
    },
    incr(args) {
      requireArguments(args, 1)
      const key = keyOf(args[0])
      const text = entries.get(key)?.toString('latin1') ?? '0'
      const next = Number(text) + 1
      if (!/^-?\d+$/.test(text) || !Number.isSafeInteger(next))
        throw new CommandError('ERR value is not an integer or out of range')
      entries.set(key, Buffer.from(String(next)))
      return next
    },
  }
}

/** Bytes as text that keeps every byte apart. */
function keyOf(bytes: Buffer | undefined): string {
  return bytes?.toString('latin1') ?? ''
}
