/**
 * The load runner, a process of its own: `node main.js PLAN`. It writes its progress to stdout, one JSON per line.
 *
 * It is neither in the browser, which opens at most six connections to one origin and so would measure its own queue,
 * nor in a worker, whose event loop would add to the times that are measured. The process that started it stops it.
 */
import * as v from 'valibot'
import { currentDirectory, readToken } from '../directory/demo-directory.js'
import { planSchema } from '../shared/plan.js'
import { runPlan } from './run-plan.js'

const directory = currentDirectory()
const headers = { host: 'localhost', 'x-demo-token': readToken(directory) }

await runPlan({
  plan: v.parse(planSchema, JSON.parse(process.argv[2] ?? '')),
  targetOf: lane => ({ socketPath: directory.socket(lane), headers }),
  report: progress => process.stdout.write(`${JSON.stringify(progress)}\n`),
})
