/** Sockets from the predecessor, the arbiter that this process is to replace. */
import * as v from 'valibot'
import { TunicornError } from '../errors.js'
import type { BoundSocket } from './bind.js'
import { adoptDescriptor } from './bind.js'
import type { Activation } from './systemd.js'

const variable = 'TUNICORN_INHERIT'
const descriptor = v.pipe(v.number(), v.integer(), v.minValue(3))
const schema = v.object({
  parent: v.pipe(v.number(), v.integer()),
  sockets: v.record(v.string(), descriptor),
  activation: v.optional(v.array(v.object({ fd: descriptor, name: v.string() })), []),
  // Arbiters of earlier versions do not send this.
  workers: v.optional(v.record(v.string(), v.pipe(v.number(), v.integer(), v.minValue(1))), {}),
  past: v.optional(v.string()),
})

/** What an arbiter passes to its successor in an upgrade. File descriptors are keyed by the requested address. */
export interface Inheritance {
  readonly parent: number
  readonly sockets: Readonly<Record<string, number>>
  /** What systemd passed to the first arbiter, with the descriptors that the sockets had there. */
  readonly activation: Activation
  /** How many workers are wanted in each group that scales with its load. */
  readonly workers: Readonly<Record<string, number>>
  /** The history in the status, in the form of the control API. */
  readonly past?: string | undefined
}

/** The environment variables that pass `inheritance` to a successor. */
export function inheritanceVariables(inheritance: Inheritance): NodeJS.ProcessEnv {
  return { [variable]: JSON.stringify(inheritance) }
}

/** Removes the inheritance from the environment, so that no worker sees it. */
export function takeInheritance(env: NodeJS.ProcessEnv): Inheritance | undefined {
  const text = env[variable]
  delete env[variable]
  if (text === undefined) return undefined
  try {
    const inheritance = v.parse(schema, JSON.parse(text))
    // A variable that leaked into an unrelated process names another parent.
    return inheritance.parent === process.ppid ? inheritance : undefined
  } catch (cause) {
    throw new TunicornError('CONFIG_INVALID', `${variable} is not what an arbiter writes; unset it`, {
      cause,
    })
  }
}

/** @throws TunicornError `BIND_FAILED` */
export function adoptSockets({ sockets }: Inheritance): readonly BoundSocket[] {
  return Object.entries(sockets).map(([key, fd]) => adoptDescriptor(key, fd))
}
