/** `node:cluster` with two workers: `node cluster.mjs none|rr`. */
import cluster from 'node:cluster'
import { createServer } from 'node:http'
import app from './node-app.mjs'

if (cluster.isPrimary) {
  cluster.schedulingPolicy = process.argv[2] === 'rr' ? cluster.SCHED_RR : cluster.SCHED_NONE
  let listening = 0
  cluster.on('listening', (_worker, { port }) => {
    listening += 1
    if (listening === 2) console.log(`Listening at: http://127.0.0.1:${port} (${process.pid})`)
  })
  cluster.fork()
  cluster.fork()
} else {
  createServer(app).listen(0, '127.0.0.1', 2048)
}
