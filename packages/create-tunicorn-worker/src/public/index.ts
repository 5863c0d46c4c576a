/** For programs that start a worker class without the command. */
export { CreateError } from '../create-error.js'
export { createWorkerPackage, type WorkerPackagePlan } from '../create-worker-package.js'
export type { Language } from '../language.js'
