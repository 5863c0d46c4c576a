import { runCommand } from './run-command.js'

// Not the natural end of the process: while Node takes itself apart, a signal that is handled would kill it again.
process.exit(await runCommand(process.argv.slice(2), process))
