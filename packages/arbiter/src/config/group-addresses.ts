/** Where a group accepts connections, if anywhere. A worker class may need no listener. */
import type { AnyWorkerClass } from '../contract/worker-class.js'
import { type Address, type Owner, parseAddress } from '../sockets/address.js'
import { formatPath, type IssueList } from './config-issue.js'
import type { MergedSettings } from './merge.js'
import type { GroupSettings } from './settings.js'

export interface GroupAddressInput {
  readonly merged: MergedSettings
  readonly settings: GroupSettings
  /** Absent if it was not found. */
  readonly definition: AnyWorkerClass | undefined
  readonly directory: string
  /** The sockets were passed by systemd, so `bind` is ignored. */
  readonly hasSockets: boolean
  /** Owner of the Unix sockets, when it is not the user who binds them. */
  readonly owner: Owner | undefined
  readonly issues: IssueList
}

export function groupAddresses(input: GroupAddressInput): readonly Address[] {
  const { settings, directory, owner, issues } = input
  if (settings.bind.length === 0) requireNone(input)
  return settings.bind.flatMap(text => {
    const parsed = parseAddress(text, directory)
    if (parsed.ok) return [withAccess(parsed.address, settings.socketMode, owner)]
    // Only the length of a Unix path depends on the directory, so this could not be checked earlier.
    issues.addInvalid(['bind'], `Expected \`bind\` to be an address, got \`${text}\`: ${parsed.problem}`)
    return []
  })
}

function requireNone({ merged, definition, hasSockets, issues }: GroupAddressInput): void {
  if (!definition || definition.capabilities.needsListener === false || hasSockets) return
  const given = merged.given.get('bind')
  const path = given?.path ?? ['bind']
  issues.addInvalid(
    path,
    `Expected \`${formatPath(path)}\` to have an address, got none, from ${given?.origin}: worker class "${definition.name}" runs an app for its requests alone. Others run one without, such as event-loop and asgi (capability \`needsListener: false\`)`,
  )
}

function withAccess(address: Address, mode: number, owner: Owner | undefined): Address {
  if (address.type !== 'unix') return address
  return { ...address, mode, ...(owner === undefined ? {} : { owner: { uid: owner.uid, gid: owner.gid } }) }
}
