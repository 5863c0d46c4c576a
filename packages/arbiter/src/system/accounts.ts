/** Users and groups of this machine, by name or number. Node can switch to a user by name, but cannot look one up. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

export interface User {
  readonly name: string
  readonly uid: number
  /** The user's own group. */
  readonly gid: number
}

export interface Group {
  readonly name: string
  readonly gid: number
}

/** Lines of a database in the format of passwd(5) and group(5). */
export interface AccountDatabase {
  /** The local file. */
  readLocal(database: 'passwd' | 'group'): string
  /** The line of one entry from every source that this machine is set up for (LDAP, …); empty when there is none. */
  ask(database: 'passwd' | 'group', key: string): string
}

const askMs = 5_000

export const systemAccounts: AccountDatabase = {
  readLocal(database) {
    try {
      return readFileSync(`/etc/${database}`, 'utf8')
    } catch {
      return ''
    }
  },
  ask(database, key) {
    try {
      return execFileSync('getent', [database, key], {
        encoding: 'utf8',
        timeout: askMs,
        stdio: ['ignore', 'pipe', 'ignore'],
      })
    } catch {
      // The entry or the program does not exist.
      return ''
    }
  },
}

/** Finds a user by name, or else by number. */
export function findUser(nameOrId: string, accounts: AccountDatabase = systemAccounts): User | undefined {
  const fields = findEntry('passwd', nameOrId, accounts)
  return fields && { name: fields[0] ?? '', uid: Number(fields[2]), gid: Number(fields[3]) }
}

/** Finds a group by name, or else by number. */
export function findGroup(nameOrId: string, accounts: AccountDatabase = systemAccounts): Group | undefined {
  const fields = findEntry('group', nameOrId, accounts)
  return fields && { name: fields[0] ?? '', gid: Number(fields[2]) }
}

function findEntry(
  database: 'passwd' | 'group',
  nameOrId: string,
  { readLocal, ask }: AccountDatabase,
): readonly string[] | undefined {
  const local = pick(readLocal(database), nameOrId)
  // A key that begins with a dash would be read as an option.
  if (local || !/^[^\s:-][^\s:]*$/.test(nameOrId)) return local
  return pick(ask(database, nameOrId), nameOrId)
}

/** A name takes precedence over a number, as everywhere. */
function pick(text: string, nameOrId: string): readonly string[] | undefined {
  const entries = text.split('\n').map(line => line.split(':'))
  const isNumber = ([, , id = '']: readonly string[]): boolean => /^\d+$/.test(id)
  return (
    entries.find(entry => entry[0] === nameOrId && isNumber(entry)) ??
    entries.find(entry => entry[2] === nameOrId && isNumber(entry))
  )
}
