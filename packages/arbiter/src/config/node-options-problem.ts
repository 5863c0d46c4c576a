/** Asks Node.js itself whether it takes options: which there are differs from version to version. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)
const limitMs = 10_000
/** Each makes Node.js do something else than to run the worker. */
const elsewhere =
  /^(?:-[cehipv]|-pe|--check|--eval|--help|--interactive|--print|--run|--test|--version|--watch(?:-path)?)(?:=|$)/

/** What is wrong with `options`, if anything is. Runs nothing that they name. */
export async function nodeOptionsProblem(options: readonly string[]): Promise<string | undefined> {
  if (options.length === 0) return undefined
  const other = options.find(option => elsewhere.test(option))
  if (other !== undefined) return `with \`${other}\` Node.js would not run a worker`
  // Not the user's own NODE_OPTIONS: these are judged alone.
  const { NODE_OPTIONS: _, ...env } = process.env
  try {
    await run(process.execPath, ['--version', ...options], { env, timeout: limitMs })
    return undefined
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr) : ''
    return /^[^:\n]*: (.+)/.exec(said)?.[1] ?? String(error)
  }
}
