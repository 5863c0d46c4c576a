// Declares the suite for the class of the module that is named, for a runner that picks one clause of it.
import { describeWorkerClass } from '@tunicorn/test-kit/node'
import { knownBadOptions } from './options.mjs'

const module = new URL(process.argv[2], import.meta.url)
const { default: workerClass } = await import(module)
// The clause fails in any case: half the patience is enough.
const { patience, ...options } = knownBadOptions(workerClass)
describeWorkerClass(workerClass, { module, ...options, patience: patience / 2 })
