/** Socket activation: the sockets that systemd has passed replace `bind`. */
import { TunicornError } from '../errors.js'
import type { Address } from '../sockets/address.js'
import type { ActivatedSocket, Activation } from '../sockets/systemd.js'
import type { ResolvedConfig, ResolvedGroup } from './settings.js'

/**
 * The configuration with the activated sockets in place of every `bind`. A single group gets all of them. Each of several groups
 * gets those that are named after it.
 *
 * @throws TunicornError `BIND_FAILED` when a group has no socket, or a socket has no group
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
  if (!given.has('bind') || settings.bind.length === 0) return []
  return [
    `\`bind\` (${settings.bind.join(', ')}) of group ${name} is ignored: systemd has passed its sockets`,
  ]
}

function requireMatch(groups: readonly ResolvedGroup[], activation: Activation): void {
  const passed = [...new Set(activation.map(({ name }) => name))]
  const without = groups
    .filter(({ name, settings }) => !passed.includes(name) && settings.bind.length > 0)
    .map(({ name }) => name)
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
