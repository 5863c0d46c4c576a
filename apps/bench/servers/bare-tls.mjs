/** Bare `node:https` or `node:http2`, as `$BENCH_PROTOCOL` says, with the pair in `$BENCH_CERT` and `$BENCH_KEY`. */
import { readFileSync } from 'node:fs'
import { createSecureServer } from 'node:http2'
import { createServer } from 'node:https'
import app from './node-app.mjs'

const { BENCH_CERT, BENCH_KEY, BENCH_PROTOCOL } = process.env
const options = { cert: readFileSync(BENCH_CERT), key: readFileSync(BENCH_KEY) }
const create = BENCH_PROTOCOL === 'h2' ? createSecureServer : createServer
const server = create(options, app)
server.listen(0, '127.0.0.1', 2048, () => {
  console.log(`Listening at: https://127.0.0.1:${server.address().port} (${process.pid})`)
})
