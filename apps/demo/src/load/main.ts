/**
 * The load runner, a process of its own: `node main.js PLAN`. It writes its progress to stdout, one JSON text per line.
 *
 * It does not run in the browser, which opens at most six connections to one origin and so would measure its own queue.
 * It does not run in a worker either, because the event loop there would add to the measured times. The process that
 * started it stops it.
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
