/** For suites that test worker classes, such as `@tunicorn/test-kit`. Covered by semantic versioning, like everything except `internal`. */

export { gaugeProblems } from '../contract/gauges.js'
export { workerClassProblems } from '../contract/validate.js'
export type { ProcessExit } from '../process/spawner.js'
export { HostedWorker, type HostedWorkerPlan } from '../testing/hosted-worker.js'
