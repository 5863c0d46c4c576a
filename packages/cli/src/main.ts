import { runCommand } from './run-command.js'

// Exits explicitly: while Node shuts down by itself, a signal that has a handler would kill the process again.
process.exit(await runCommand(process.argv.slice(2), process))
