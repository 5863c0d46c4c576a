/** Asks Node.js itself whether it accepts certain options, because they differ between versions. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)
const limitMs = 10_000
/** Each of these makes Node.js do something other than run the worker. */
const elsewhere =
  /^(?:-[cehipv]|-pe|--check|--eval|--help|--interactive|--print|--run|--test|--version|--watch(?:-path)?)(?:=|$)/

/** Says what is wrong with `options`, if anything. Runs nothing that they name. */
export async function nodeOptionsProblem(options: readonly string[]): Promise<string | undefined> {
  if (options.length === 0) return undefined
  const other = options.find(option => elsewhere.test(option))
  if (other !== undefined) return `with \`${other}\` Node.js would not run a worker`
  // Without the user's NODE_OPTIONS: only these options are to be judged.
  const { NODE_OPTIONS: _, ...env } = process.env
  try {
    await run(process.execPath, ['--version', ...options], { env, timeout: limitMs })
    return undefined
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr) : ''
    return /^[^:\n]*: (.+)/.exec(said)?.[1] ?? String(error)
  }
}
