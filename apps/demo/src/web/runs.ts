/** `POST /api/runs`: a load run that lasts as long as its request. The answer is its progress, one JSON text per line. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { planSchema } from '../shared/plan.js'
import { readOrder } from './read-order.js'
import { type Route, sendProblem } from './route.js'

const runner = fileURLToPath(new URL('../load/main.js', import.meta.url))
/** The most runs that one worker has at a time. */
const maxRuns = 4

/** The run is a process of its own: see `load/main.ts`. It is ended when the page leaves or stops reading. */
export function runs(): Route {
  let running = 0
  return async (request, response) => {
    const plan = await readOrder(planSchema, request, response)
    if (plan === undefined) return
    if (running >= maxRuns) return sendProblem(response, 429, 'Other runs are under way: wait or stop them')
    running += 1
    const child = spawn(process.execPath, [runner, JSON.stringify(plan)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const ended = once(child, 'close')
    try {
      response.writeHead(200, { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' })
      await pipeline(child.stdout, response)
    } catch {
      // The page has stopped the run.
    } finally {
      child.kill()
      await ended
      running -= 1
    }
  }
}
