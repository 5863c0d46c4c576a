/** The command line. */
import { parseArgs } from 'node:util'
import { CreateError } from './create-error.js'
import { type Language, parseLanguage } from './language.js'

export interface CommandLine {
  readonly action: 'create' | 'help' | 'version'
  /** As typed. Absent if the command has to ask for it. */
  readonly name: string | undefined
  readonly language: Language | undefined
  readonly folder: string | undefined
}

export const usage = `Usage: npm create tunicorn-worker [name] -- [options]

Writes the package of a worker class for Tunicorn: its code, a conformance test
and an example. What is not given is asked for.

Arguments:
  name                   lower-case words joined by "-", such as my-class

Options:
  -l, --language <ts|js> TypeScript or JavaScript
  -f, --folder <PATH>    where to write (default: ./tunicorn-worker-NAME)
  -v, --version          print the version
  -h, --help             print this help
`

/** @throws CreateError for an argument that it does not know */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const { values, positionals } = parse(args)
  const [name, ...others] = positionals
  const action = values.help ? 'help' : values.version ? 'version' : 'create'
  if (action === 'create' && others.length > 0)
    throw new CreateError(`Expected one name, got ${positionals.length}: ${positionals.join(' ')}`)
  const language =
    action === 'create' && values.language !== undefined ? parseLanguage(values.language) : undefined
  return { action, name, language, folder: values.folder }
}

interface Parsed {
  readonly values: {
    readonly help?: boolean
    readonly version?: boolean
    readonly language?: string
    readonly folder?: string
  }
  readonly positionals: readonly string[]
}

function parse(args: readonly string[]): Parsed {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        language: { type: 'string', short: 'l' },
        folder: { type: 'string', short: 'f' },
        version: { type: 'boolean', short: 'v' },
        help: { type: 'boolean', short: 'h' },
      },
    })
  } catch (cause) {
    const [message = ''] = cause instanceof Error ? cause.message.split('. ') : []
    throw new CreateError(`${message}. See --help`, { cause })
  }
}
