/** Entry point of every worker process. */
import { exitCodes } from '../exit-codes.js'
import type { WorkerInit } from '../protocol/messages.js'
import { assumeIdentity } from '../system/identity.js'
import { captureOutput } from './capture-output.js'
import { openChannel } from './channel.js'
import { writeRecord } from './diagnostics.js'
import { reportFatalErrors } from './fatal-report.js'
import { keepTickShape } from './keep-tick-shape.js'
import { outliveLostOutput } from './lost-output.js'
import { installSignals } from './signals.js'
import { WorkerHost } from './worker-host.js'

let host: WorkerHost | undefined
let isTold = false

keepTickShape()

installSignals(() => host?.retire('signal: SIGTERM was sent to the worker'))
process.on('uncaughtExceptionMonitor', (error, origin) => {
  const requests = requestsInFlight()
  isTold = true
  const what = origin === 'unhandledRejection' ? 'Unhandled rejection' : 'Uncaught exception'
  writeRecord('error', `${what}: the worker ends`, {
    error,
    ...(requests.length > 0 && { requests: requests.join(', ') }),
  })
})

/** The app has called `process.exit`. */
process.on('exit', code => {
  const requests = requestsInFlight()
  if (isTold || !host || host.isEnded || requests.length === 0) return
  writeRecord('error', `The app ended its process with code ${code} in the middle of ${requests.join(', ')}`)
})

function requestsInFlight(): readonly string[] {
  return host?.ledger.longest().map(({ method, target }) => `${method} ${target}`) ?? []
}

const channel = openChannel()
if (!channel) {
  process.stderr.write('This is the worker process of Tunicorn; it is started by the arbiter.\n')
  process.exit(exitCodes.error)
}

const start = (init: WorkerInit): void => {
  process.title = init.title
  if (init.reportFd !== undefined) reportFatalErrors(init.reportFd)
  if (init.umask >= 0) process.umask(init.umask)
  for (const name of ['stdout', 'stderr'] as const)
    if (init.capturesOutput) captureOutput(name)
    else outliveLostOutput(name)
  try {
    if (init.identity) assumeIdentity(init.identity)
  } catch (error) {
    return void refuse(error)
  }
  host = new WorkerHost(init, channel, new URL('./watchdog-thread.js', import.meta.url))
  void host.boot()
}

/** What remains of the arbiter's privileges must not run any user code. */
const refuse = async (error: unknown): Promise<void> => {
  const why = error instanceof Error ? error.message : String(error)
  const message = `The worker could not become the user and group that the settings ask for: ${why}`
  writeRecord('error', 'Worker failed to boot', { error: message })
  await channel.send({ type: 'boot-failed', code: 'BOOT_FAILED', message })
  process.exit(exitCodes.bootFailed)
}

channel.onMessage((message, handle) => {
  if (message.type === 'init') start(message.init)
  else host?.receive(message, handle)
})
channel.onClosed(() => {
  if (host) host.orphaned()
  else process.exit(exitCodes.error)
})
