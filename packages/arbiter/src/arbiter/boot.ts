/**
 * The steps of a start. A stop may come before any of them. What they open belongs to the sockets and the foundation, and the
 * arbiter closes both however the start ends.
 */
import { requireHandles } from '../sockets/handle.js'
import { takeActivation } from '../sockets/systemd.js'
import { announce } from './announce.js'
import type { ArbiterParts } from './arbiter-parts.js'
import { checkPlaces } from './check-places.js'
import { Foundation } from './foundation.js'
import { Predecessor } from './predecessor.js'
import { requireInspectorPorts } from './require-inspector-ports.js'
import { RunningServer } from './running-server.js'

/**
 * Reads the configuration. Undefined: a stop came first.
 *
 * @throws TunicornError what is wrong with the configuration, `LOG_FAILED`
 */
export async function layFoundation(parts: ArbiterParts, isHeld: boolean): Promise<Foundation | undefined> {
  requireHandles()
  const { generations, hasProcess, sockets, stop } = parts
  const activation = takeActivation(process.env)
  const predecessor = isHeld ? undefined : Predecessor.find(process.env, sockets)
  generations.activate(predecessor?.activation ?? activation)
  const loading = generations.load()
  if (await stop.isBefore(loading)) return undefined
  const config = await loading
  const { procName, umask } = config.arbiter
  if (hasProcess) process.title = `${procName}: arbiter`
  if (umask >= 0) process.umask(umask)
  return new Foundation(parts, { config, isHeld, predecessor })
}

/**
 * Takes the names of the server and binds its addresses. Undefined: a stop came first.
 *
 * @throws TunicornError `PIDFILE_IN_USE`, `PIDFILE_FAILED`, `BIND_FAILED`, `LOG_FAILED`, or what a hook throws
 */
export async function bootServer(
  parts: ArbiterParts,
  foundation: Foundation,
): Promise<RunningServer | undefined> {
  const { admin, config, hooks, isHeld, log, services } = foundation
  const { generations, observers, stop } = parts
  if (await stop.isBefore(hooks.starting())) return undefined
  if (isHeld) await checkPlaces(foundation.asGiven.arbiter, log)
  observers.add(services)
  services.open()
  // A predecessor uses these ports until it leaves.
  if (!foundation.predecessor) await requireInspectorPorts(config)
  const generation = await generations.prepare(config, isHeld ? log : undefined)
  await admin.bind(config.arbiter.admin)
  if (stop.mode) return undefined
  if (!isHeld) announce(generation, log)
  for (const warning of config.warnings) log.warn(warning)
  return new RunningServer(parts, foundation, generation)
}
