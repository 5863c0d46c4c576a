import { describe, expect, it } from 'vitest'
import { TunicornError } from '../../../src/errors.js'
import { type AccountDatabase, findGroup, findUser } from '../../../src/system/accounts.js'
import { requirePrivilege, resolveIdentity } from '../../../src/system/identity.js'

const root = { uid: 0, gid: 0 }

/** Two local users, one of which is named like the number of the other, and a group and a user elsewhere. */
const accounts: AccountDatabase = {
  readLocal: database =>
    database === 'passwd'
      ? 'root:x:0:0:root:/root:/bin/sh\napp:x:1000:1001:App:/srv:/bin/false\n1000:x:7:8::/:/bin/false\n+broken\n'
      : 'root:x:0:\nstaff:x:50:app,other\n',
  ask: (database, key) =>
    key === 'far' ? (database === 'passwd' ? 'far:*:2000:2001:::\n' : 'far:*:3000:\n') : '',
}

describe('an account', () => {
  it.each([
    ['app', { name: 'app', uid: 1000, gid: 1001 }],
    ['1000', { name: '1000', uid: 7, gid: 8 }],
    ['7', { name: '1000', uid: 7, gid: 8 }],
    ['far', { name: 'far', uid: 2000, gid: 2001 }],
    ['nobody-has-this-name', undefined],
    ['+broken', undefined],
    ['', undefined],
  ])('is found by name before number, here and elsewhere: user `%s`', (text, expected) => {
    expect(findUser(text, accounts)).toEqual(expected)
  })

  it('is found for groups too', () => {
    expect(findGroup('staff', accounts)).toEqual({ name: 'staff', gid: 50 })
    expect(findGroup('50', accounts)).toEqual({ name: 'staff', gid: 50 })
    expect(findGroup('far', accounts)).toEqual({ name: 'far', gid: 3000 })
  })

  it('is found on this machine', () => {
    expect(findUser('root')).toEqual({ name: 'root', uid: 0, gid: 0 })
    expect(findUser('no-such-user-here')).toBeUndefined()
  })

  it('is never asked for with a text that could be an option or a line', () => {
    const asked: string[] = []
    const curious: AccountDatabase = {
      readLocal: () => '',
      ask: (_database, key) => {
        asked.push(key)
        return ''
      },
    }
    for (const key of ['-h', '--help', 'a b', 'a:b', 'a\nb', '']) findUser(key, curious)
    expect(asked).toEqual([])
  })
})

describe('the identity of workers', () => {
  it.each([
    ['nothing is set', { user: '', group: '' }, undefined],
    ['it is what the arbiter has', { user: 'root', group: 'root' }, undefined],
    ['a user is set', { user: 'app', group: '' }, { uid: 1000, gid: 1001, userName: 'app' }],
    ['a user and a group are set', { user: 'app', group: 'staff' }, { uid: 1000, gid: 50, userName: 'app' }],
    ['only a group is set', { user: '', group: 'staff' }, { uid: 0, gid: 50 }],
    ['a number without an entry and a group are set', { user: '4711', group: '12' }, { uid: 4711, gid: 12 }],
  ])('follows from the settings when %s', (_what, settings, identity) => {
    expect(resolveIdentity(settings, root, accounts)).toEqual({ ok: true, identity })
  })

  it.each([
    ['nobody-here', '', 'user', 'no such user'],
    ['app', 'no-group-here', 'group', 'no such group'],
    ['4711', '', 'user', 'set `group` too'],
    ['99999999999', '1', 'user', 'no such user'],
  ])('does not follow from user `%s` and group `%s`', (user, group, setting, problem) => {
    const result = resolveIdentity({ user, group }, root, accounts)
    expect(result).toMatchObject({ ok: false, setting, problem: expect.stringContaining(problem) })
  })

  it('needs root, and is refused with what to do', () => {
    const identity = { uid: 1000, gid: 1001 }
    expect(() => requirePrivilege(identity, root)).not.toThrow()
    expect(() => requirePrivilege(undefined, { uid: 33, gid: 33 })).not.toThrow()
    const refused = (): void => requirePrivilege(identity, { uid: 33, gid: 33 })
    expect(refused).toThrow(TunicornError)
    expect(refused).toThrow(
      'only root may do that: the arbiter runs as user 33 and group 33. Start it as root',
    )
  })
})
