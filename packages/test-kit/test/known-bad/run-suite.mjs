// Runs the suite on the class of the module that is named, in a process of its own, and prints what failed.
import { checkWorkerClass } from '@tunicorn/test-kit'
import { knownBadOptions } from './options.mjs'

const module = new URL(process.argv[2], import.meta.url)
const { default: workerClass } = await import(module)
const { results } = await checkWorkerClass(workerClass, { module, ...knownBadOptions(workerClass) })
const failed = results
  .filter(({ status }) => status === 'failed')
  .map(({ title, error }) => ({ title, message: error.message }))
process.stdout.write(`\n${JSON.stringify({ clauses: results.length, failed })}\n`)
// A broken class may have left behind whatever it likes.
process.exit(0)
