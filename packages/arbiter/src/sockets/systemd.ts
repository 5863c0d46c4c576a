/**
 * Socket activation: sockets that systemd has bound and passed on replace `bind`. See sd_listen_fds(3).
 */
import { TunicornError } from '../errors.js'

/** One socket that systemd has passed. */
export interface ActivatedSocket {
  readonly fd: number
  /** `FileDescriptorName=` of the socket unit; by default the unit's own name. */
  readonly name: string
}

/** Every socket that systemd has passed; empty when it has passed none. */
export type Activation = readonly ActivatedSocket[]

const firstFd = 3
/** Far more than a unit may have. A larger number was not written by systemd. */
const maxSockets = 4_096
/** systemd's name for a socket when it sends no names. */
const unnamed = 'unknown'

/** The variables of the protocol. None of them means anything to a process that this one starts. */
export const activationVariables = ['LISTEN_FDS', 'LISTEN_PID', 'LISTEN_FDNAMES', 'LISTEN_PIDFDID'] as const

/**
 * Removes the variables from `env`. Otherwise a worker, and what it starts, would mistake its own descriptors for the sockets.
 *
 * @param pid the process that the sockets must be meant for
 * @throws TunicornError `BIND_FAILED` if the variables are meant for this process and make no sense
 */
export function takeActivation(env: NodeJS.ProcessEnv, pid: number = process.pid): Activation {
  const { LISTEN_FDS: count, LISTEN_PID: receiver, LISTEN_FDNAMES: names } = env
  for (const name of activationVariables) delete env[name]
  if (count === undefined || receiver !== String(pid)) return []
  const total = Number(count)
  if (!/^\d+$/.test(count) || total > maxSockets)
    throw new TunicornError('BIND_FAILED', `LISTEN_FDS must be a number of sockets, got \`${count}\``)
  const given = names === undefined ? [] : names.split(':')
  return Array.from({ length: total }, (_, index) => ({ fd: firstFd + index, name: given[index] || unnamed }))
}
