/** The commands of an app, completed by those that every server has. */
import { type Command, type RespApp, requireArguments } from './app.js'

/** @throws TypeError when the value is not an app of the kind `resp` */
export function commandsOf(app: unknown): ReadonlyMap<string, Command> {
  if (typeof app !== 'object' || app === null)
    throw new TypeError(
      `An app of kind \`resp\` is an object of commands, got ${app === null ? 'null' : typeof app}`,
    )
  const commands = new Map(Object.entries(builtIn))
  for (const [name, command] of Object.entries(app)) {
    if (typeof command !== 'function')
      throw new TypeError(`The command \`${name}\` of the app is not a function`)
    commands.set(name.toLowerCase(), command)
  }
  return commands
}

const builtIn: RespApp = {
  ping(args) {
    return args[0] ?? { status: 'PONG' }
  },
  echo(args) {
    requireArguments(args, 1)
    return args[0]
  },
  /** Clients ask before their first command whether the server is loading. */
  info() {
    return `# Server\r\nredis_mode:standalone\r\nprocess_id:${process.pid}\r\n# Persistence\r\nloading:0\r\n`
  },
  quit() {
    return { status: 'OK' }
  },
}
