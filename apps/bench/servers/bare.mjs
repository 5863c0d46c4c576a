/**
 * Bare `node:http`, on `$BENCH_PORT` or any port. Says where it listens in the words of Tunicorn's log. With `$BENCH_WORK_US` each request
 * computes for so many microseconds first.
 */
import { createServer } from 'node:http'
import app from './node-app.mjs'

const workMs = Number(process.env.BENCH_WORK_US ?? 0) / 1000

function workingApp(req, res) {
  for (const startedAt = performance.now(); performance.now() - startedAt < workMs; );
  app(req, res)
}

const server = createServer(workMs > 0 ? workingApp : app)
server.listen(Number(process.env.BENCH_PORT ?? 0), '127.0.0.1', 2048, () => {
  console.log(`Listening at: http://127.0.0.1:${server.address().port} (${process.pid})`)
})
