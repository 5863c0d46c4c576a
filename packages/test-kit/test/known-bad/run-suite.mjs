// Runs the suite on the class of the module that is named, in a process of its own, and prints what failed.
import { checkWorkerClass } from '@tunicorn/test-kit'

const [name] = process.argv.slice(2)
const module = new URL(name, import.meta.url)
const { default: workerClass } = await import(module)
const hasThreads = workerClass.name === 'thread-pool'
const { results } = await checkWorkerClass(workerClass, {
  module,
  options: hasThreads ? { threads: 3 } : {},
  // Less than by default: those who never do what they should are waited for in full. Threads take long to start.
  patience: hasThreads ? 20 : 10,
})
const failed = results
  .filter(({ status }) => status === 'failed')
  .map(({ title, error }) => ({ title, message: error.message }))
process.stdout.write(`\n${JSON.stringify({ clauses: results.length, failed })}\n`)
// A broken class may have left behind whatever it likes.
process.exit(0)
