/**
 * Finds the place of a syntax error. Node knows it for an ES module, but prints it only when the process dies of the error. The
 * stack of a caught error names neither file nor line.
 */
import { execFile } from 'node:child_process'

const searchMs = 5_000

/**
 * Runs in a process of its own. It compiles the module in `argv[1]` and those that it imports by path, without running any of
 * them, and dies of the error whose message is in `argv[2]`.
 */
const search = `
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { SourceTextModule } from 'node:vm'
const [, url, message] = process.argv
const urls = new Set([url])
for (const identifier of urls) {
  let source
  try {
    source = readFileSync(fileURLToPath(identifier), 'utf8')
  } catch {
    continue
  }
  try {
    const { dependencySpecifiers, moduleRequests } = new SourceTextModule(source, { identifier })
    const specifiers = moduleRequests?.map(request => request.specifier) ?? dependencySpecifiers
    for (const specifier of specifiers) if (/^(?:\\.{0,2}\\/|file:)/.test(specifier)) urls.add(new URL(specifier, identifier).href)
  } catch (error) {
    if (error.message === message) setImmediate(() => { throw error })
    if (error.message === message) break
  }
}
`

/** The file, the line, its text and a mark below it, as Node shows them. `undefined` if they cannot be found. */
export function locateSyntaxError(error: unknown, appUrl: string): Promise<string | undefined> {
  if (!(error instanceof SyntaxError) || hasPlace(error)) return Promise.resolve(undefined)
  const flags = ['--experimental-vm-modules', '--no-warnings', '--input-type=module', '--eval', search, '--']
  // Without the user's NODE_OPTIONS: no code of the user may run.
  const { NODE_OPTIONS: _, ...env } = process.env
  return new Promise(resolve => {
    execFile(
      process.execPath,
      [...flags, appUrl, error.message],
      { env, timeout: searchMs },
      (_failure, _out, said) => {
        resolve(/^file:\/\/.*:\d+\n(?:.*\n)*?(?=\n*SyntaxError)/.exec(said)?.[0].trimEnd())
      },
    )
  })
}

/** An error thrown by code, or one from a CommonJS module, already names its place. */
function hasPlace({ stack = '' }: Error): boolean {
  const [first = '', ...frames] = stack.split('\n')
  return (
    !first.startsWith('SyntaxError') ||
    frames.some(frame => !frame.includes('(node:') && !frame.includes('at node:'))
  )
}
