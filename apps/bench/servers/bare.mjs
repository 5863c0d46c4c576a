/** Bare `node:http`, on `$BENCH_PORT` or any port. Says where it listens in the words of Tunicorn's log. */
import { createServer } from 'node:http'
import app from './node-app.mjs'

const server = createServer(app)
server.listen(Number(process.env.BENCH_PORT ?? 0), '127.0.0.1', 2048, () => {
  console.log(`Listening at: http://127.0.0.1:${server.address().port} (${process.pid})`)
})
