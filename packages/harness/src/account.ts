import { readFileSync } from 'node:fs'

export interface Account {
  readonly name: string
  readonly uid: number
  /** The user's primary group. */
  readonly gid: number
}

/** A user of this machine, from `/etc/passwd`. */
export function accountOf(name: string): Account | undefined {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find(entry => entry.startsWith(`${name}:`))
  if (line === undefined) return undefined
  const [, , uid, gid] = line.split(':')
  return { name, uid: Number(uid), gid: Number(gid) }
}
