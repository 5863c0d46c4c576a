/**
 * The load runner, a process of its own: `node main.js PLAN`. It writes its progress to stdout, one JSON per line.
 *
 * It is neither in the browser, which opens at most six connections to one origin and so would measure its own queue,
 * nor in a worker, whose event loop would add to the times that are measured. Whoever started it stops it.
 */
import * as v from 'valibot'
import { planSchema } from '../shared/plan.js'
import { currentStage, readToken } from '../stage/stage.js'
import { runPlan } from './run-plan.js'

const stage = currentStage()
const headers = { host: 'localhost', 'x-demo-token': readToken(stage) }

await runPlan({
  plan: v.parse(planSchema, JSON.parse(process.argv[2] ?? '')),
  targetOf: lane => ({ socketPath: stage.socket(lane), headers }),
  report: progress => process.stdout.write(`${JSON.stringify(progress)}\n`),
})
