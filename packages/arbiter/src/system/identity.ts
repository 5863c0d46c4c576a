/** The user and group that workers run as when the arbiter is root and they should not be. */
import { TunicornError } from '../errors.js'
import { type AccountDatabase, findGroup, findUser, systemAccounts } from './accounts.js'

export interface Identity {
  readonly uid: number
  readonly gid: number
  /** The user whose supplementary groups apply. Absent: a user without an entry, who has none. */
  readonly userName?: string
}

/** An identity, or the setting that names nobody, and why. */
export type IdentityResult =
  | { readonly ok: true; readonly identity: Identity | undefined }
  | { readonly ok: false; readonly setting: 'user' | 'group'; readonly problem: string }

/** The user and the group of a process. */
export interface Self {
  readonly uid: number
  readonly gid: number
}

/** The current user and group of this process. Windows has no such numbers, and is refused elsewhere. */
function currentSelf(): Self {
  return { uid: process.geteuid?.() ?? 0, gid: process.getegid?.() ?? 0 }
}

/**
 * Looks up the settings `user` and `group`. Empty ones change nothing. Without an identity, workers run as the arbiter does.
 * A number needs no entry, but for a user without an entry the group must be given.
 */
export function resolveIdentity(
  { user, group }: { readonly user: string; readonly group: string },
  self: Self = currentSelf(),
  accounts: AccountDatabase = systemAccounts,
): IdentityResult {
  const foundUser = user === '' ? undefined : findUser(user, accounts)
  const uid = user === '' ? self.uid : (foundUser?.uid ?? idOf(user))
  if (uid === undefined) return { ok: false, setting: 'user', problem: 'this machine has no such user' }

  const foundGroup = group === '' ? undefined : findGroup(group, accounts)
  const named = group === '' ? (user === '' ? self.gid : foundUser?.gid) : (foundGroup?.gid ?? idOf(group))
  if (named === undefined && group === '')
    return {
      ok: false,
      setting: 'user',
      problem: 'this user has no entry that names a group; set `group` too',
    }
  if (named === undefined) return { ok: false, setting: 'group', problem: 'this machine has no such group' }

  if (uid === self.uid && named === self.gid) return { ok: true, identity: undefined }
  const identity = { uid, gid: named, ...(foundUser && { userName: foundUser.name }) }
  return { ok: true, identity }
}

/** @throws TunicornError `CONFIG_INVALID` if this process may not let its workers become another user */
export function requirePrivilege(identity: Identity | undefined, self: Self = currentSelf()): void {
  if (!identity || self.uid === 0) return
  throw new TunicornError(
    'CONFIG_INVALID',
    `The settings \`user\` and \`group\` ask for workers of user ${identity.uid} and group ${identity.gid}, and only root may do that: the arbiter runs as user ${self.uid} and group ${self.gid}. Start it as root, or leave these settings out`,
  )
}

/**
 * Makes this process run as `identity`, permanently. The order matters: only root may change the groups.
 *
 * @throws Error of the operating system; the process may then be partly changed and must end
 */
export function assumeIdentity({ uid, gid, userName }: Identity): void {
  // Node has this call on every platform that has the others. Only its types lack it.
  const { initgroups } = process as { initgroups?: (user: string, gid: number) => void }
  if (userName === undefined) process.setgroups?.([gid])
  else initgroups?.call(process, userName, gid)
  process.setgid?.(gid)
  process.setuid?.(uid)
}

/** The last number means "unchanged" to the kernel. */
const maxId = 2 ** 32 - 2

function idOf(text: string): number | undefined {
  const id = Number(text)
  return /^\d+$/.test(text) && id <= maxId ? id : undefined
}
