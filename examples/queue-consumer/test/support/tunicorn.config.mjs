/** A group without an address. `REDIS` is the path of the server's socket. */
export default {
  app: './test/support/jobs-app.js',
  workerClass: './dist/index.js',
  bind: [],
  workers: 2,
  canarySeconds: 0,
  gracefulTimeout: Number(process.env.GRACEFUL_TIMEOUT ?? 30),
  env: { JOURNAL: process.env.REDIS },
  workerOptions: { redis: process.env.REDIS, jobs: 2, patience: Number(process.env.PATIENCE ?? 1) },
}
