/**
 * Socket activation: sockets that systemd has bound and passed on take the place of `bind`. See sd_listen_fds(3).
 */
import type { ResolvedConfig, ResolvedGroup } from '../config/settings.js'
import { TunicornError } from '../errors.js'
import type { Address } from './address.js'

/** One socket that systemd has passed. */
interface ActivatedSocket {
  readonly fd: number
  /** `FileDescriptorName=` of the socket unit; by default the unit's own name. */
  readonly name: string
}

/** Every socket that systemd has passed; empty when it has passed none. */
export type Activation = readonly ActivatedSocket[]

const firstFd = 3
/** Far more than a unit may have; a larger number is not one that systemd has written. */
const mostSockets = 4_096
/** What systemd calls a socket when it sends no names. */
const unnamed = 'unknown'

/** The variables of the protocol. None of them means anything to a process that this one starts. */
export const activationVariables = ['LISTEN_FDS', 'LISTEN_PID', 'LISTEN_FDNAMES', 'LISTEN_PIDFDID'] as const

/**
 * Takes the variables out of `env`: a worker, and what it starts, would take its own descriptors for the sockets.
 *
 * @param pid the process that the sockets must be meant for
 * @throws TunicornError `BIND_FAILED` when the variables are meant for this process and make no sense
 */
export function takeActivation(env: NodeJS.ProcessEnv, pid: number = process.pid): Activation {
  const { LISTEN_FDS: count, LISTEN_PID: receiver, LISTEN_FDNAMES: names } = env
  for (const name of activationVariables) delete env[name]
  if (count === undefined || receiver !== String(pid)) return []
  const total = Number(count)
  if (!/^\d+$/.test(count) || total > mostSockets)
    throw new TunicornError('BIND_FAILED', `LISTEN_FDS must be a number of sockets, got \`${count}\``)
  const given = names === undefined ? [] : names.split(':')
  return Array.from({ length: total }, (_, index) => ({ fd: firstFd + index, name: given[index] || unnamed }))
}

/**
 * The configuration with the activated sockets in place of every `bind`: all of them for the only group, or those
 * that are named after it for each of several.
 *
 * @throws TunicornError `BIND_FAILED` when a group has no socket, or a socket no group
 */
export function useActivation(config: ResolvedConfig, activation: Activation): ResolvedConfig {
  if (activation.length === 0) return config
  const isAlone = config.groups.length === 1
  if (!isAlone) requireMatch(config.groups, activation)
  const groups = config.groups.map(group => ({
    ...group,
    addresses: activation.filter(({ name }) => isAlone || name === group.name).map(toAddress),
  }))
  return { ...config, groups, warnings: [...config.warnings, ...config.groups.flatMap(ignoredBind)] }
}

function toAddress({ fd }: ActivatedSocket): Address {
  return { type: 'fd', fd }
}

function ignoredBind({ name, settings, given }: ResolvedGroup): readonly string[] {
  if (!given.has('bind')) return []
  return [
    `\`bind\` (${settings.bind.join(', ')}) of group ${name} is ignored: systemd has passed its sockets`,
  ]
}

function requireMatch(groups: readonly ResolvedGroup[], activation: Activation): void {
  const passed = [...new Set(activation.map(({ name }) => name))]
  const without = groups.map(({ name }) => name).filter(name => !passed.includes(name))
  const unused = passed.filter(name => !groups.some(group => group.name === name))
  const problems = [
    ...without.map(name => `group \`${name}\` has no socket`),
    ...unused.map(name => `socket \`${name}\` has no group`),
  ]
  if (problems.length === 0) return
  throw new TunicornError(
    'BIND_FAILED',
    `The sockets that systemd has passed do not fit the groups: ${problems.join(', ')}. Set \`FileDescriptorName=\` of each socket unit to the name of its group`,
  )
}
