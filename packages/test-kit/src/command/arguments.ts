/** The command line. */
import { parseArgs } from 'node:util'

export interface CommandLine {
  /** Module of the worker class, as typed. */
  readonly module: string
  readonly driver: string | undefined
  readonly options: unknown
  readonly patience: number | undefined
  /** Numbers of the clauses to run. Empty for all. */
  readonly only: readonly string[]
}

export const usage = `Usage: npx @tunicorn/test-kit MODULE [options]

Runs every clause of the WorkerClass contract that applies to the default export
of the module. Exits with 0 when all hold, and with 1 otherwise.

Options:
  --driver <MODULE>     what speaks to the workers, as a default export
                        (default: HTTP/1.1)
  --options <JSON>      workerOptions for every worker
  --only <WC-NUMBER>    run this clause alone; may be given several times
  --patience <SECONDS>  how long an event is waited for (default: 15)
  -v, --version         print the version
  -h, --help            print this help
`

/** @throws Error for an argument that it does not know */
export function parseCommandLine(args: readonly string[]): CommandLine | 'help' | 'version' {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      driver: { type: 'string' },
      options: { type: 'string' },
      only: { type: 'string', multiple: true },
      patience: { type: 'string' },
      version: { type: 'boolean', short: 'v' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help) return 'help'
  if (values.version) return 'version'
  const [module, ...others] = positionals
  if (module === undefined || others.length > 0)
    throw new Error(`Expected one module, got ${positionals.length}`)
  const { driver, options, patience, only = [] } = values
  return {
    module,
    driver,
    options: options === undefined ? {} : parseOptions(options),
    patience: patience === undefined ? undefined : parsePatience(patience),
    only,
  }
}

function parseOptions(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new Error(`Expected \`--options\` to be JSON, got \`${text}\``, { cause })
  }
}

function parsePatience(text: string): number {
  const seconds = Number(text)
  if (seconds > 0 && Number.isFinite(seconds)) return seconds
  throw new Error(`Expected \`--patience\` to be seconds above 0, got \`${text}\``)
}
