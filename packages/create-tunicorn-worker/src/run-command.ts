/** The command from its arguments to its exit code. */
import { readFileSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import { parseCommandLine, usage } from './arguments.js'
import { packageNameOf, parseClassName } from './class-name.js'
import { CreateError } from './create-error.js'
import { createWorkerPackage } from './create-worker-package.js'

/** What the command needs from its process. `process` itself has it. */
export interface CommandProcess {
  readonly stdin: { readonly isTTY?: boolean }
  readonly stdout: { readonly isTTY?: boolean; write(text: string): unknown }
  readonly stderr: { write(text: string): unknown }
  cwd(): string
}

/** The same as after a SIGINT. */
const cancelledCode = 130

/** Resolves with the exit code. Reports errors and never rejects. */
export async function runCommand(args: readonly string[], command: CommandProcess): Promise<number> {
  try {
    await run(args, command)
    return 0
  } catch (error) {
    const isCancelled = error instanceof Error && error.name === 'Cancelled'
    const problem = error instanceof CreateError ? error.message : describe(error)
    command.stderr.write(isCancelled ? 'Nothing was written.\n' : `create-tunicorn-worker: ${problem}\n`)
    return isCancelled ? cancelledCode : 1
  }
}

async function run(args: readonly string[], command: CommandProcess): Promise<void> {
  const { action, language, folder, ...given } = parseCommandLine(args)
  if (action !== 'create') return void command.stdout.write(action === 'help' ? usage : `${version()}\n`)

  const missing = [
    ...(given.name === undefined ? ['a name'] : []),
    ...(language === undefined ? ['`--language`'] : []),
  ]
  const canAsk = command.stdin.isTTY === true && command.stdout.isTTY === true
  if (missing.length > 0 && !canAsk)
    throw new CreateError(
      `Give ${missing.join(' and ')}: there is no terminal to ask at. For example: npm create tunicorn-worker my-class -- --language ts`,
    )
  // It asks only if the name is missing: a wrong name may be a mistake in a script.
  const name = parseClassName(given.name ?? (await (await questions()).askName()))
  const plan = {
    name,
    language: language ?? (await (await questions()).askLanguage()),
    folder: resolve(command.cwd(), folder ?? packageNameOf(name)),
  }
  await createWorkerPackage(plan)
  command.stdout.write(nextSteps(relative(command.cwd(), plan.folder)))
}

/** Loaded only when there is something to ask. */
function questions(): Promise<typeof import('./questions.js')> {
  return import('./questions.js')
}

function nextSteps(path: string): string {
  const enter = path === '' ? '' : `  cd ${path}\n`
  return `Wrote the worker class to ${path === '' ? 'this folder' : path}. Next:

${enter}  npm install
  npm test     # the conformance suite
  npm start    # serves example/app.js at http://127.0.0.1:8000
`
}

function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest
    ? String(manifest.version)
    : ''
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
