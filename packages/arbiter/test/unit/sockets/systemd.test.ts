import { describe, expect, it } from 'vitest'
import type { ResolvedConfig } from '../../../src/config/settings.js'
import { TunicornError } from '../../../src/errors.js'
import { takeActivation, useActivation } from '../../../src/sockets/systemd.js'
import { loadObject } from '../config/load.js'
import { plainProject } from '../config/project.js'

const pid = 4711

describe('taking the sockets of systemd', () => {
  it('numbers them from 3, with their names in order', () => {
    const env = { LISTEN_PID: '4711', LISTEN_FDS: '2', LISTEN_FDNAMES: 'web:api' }
    expect(takeActivation(env, pid)).toEqual([
      { fd: 3, name: 'web' },
      { fd: 4, name: 'api' },
    ])
  })

  it('calls sockets without names as systemd does', () => {
    expect(takeActivation({ LISTEN_PID: '4711', LISTEN_FDS: '1' }, pid)).toEqual([{ fd: 3, name: 'unknown' }])
  })

  it.each([
    ['are meant for another process', { LISTEN_PID: '4712', LISTEN_FDS: '1', LISTEN_FDNAMES: 'a' }],
    ['name no process', { LISTEN_FDS: '1' }],
    ['are none', { LISTEN_PID: '4711', LISTEN_FDS: '0' }],
    ['are not there', {}],
  ])('takes none when they %s, and leaves no variable', (_why, variables) => {
    const env: NodeJS.ProcessEnv = { ...variables, OTHER: 'stays' }
    expect(takeActivation(env, pid)).toEqual([])
    expect(env).toEqual({ OTHER: 'stays' })
  })

  it.each(['two', '-1', '1.5', '99999', ''])('refuses `%s` as their number', count => {
    const env = { LISTEN_PID: '4711', LISTEN_FDS: count }
    expect(() => takeActivation(env, pid)).toThrow(`LISTEN_FDS must be a number of sockets, got \`${count}\``)
  })
})

async function twoGroups(): Promise<ResolvedConfig> {
  await using project = await plainProject()
  return await loadObject(project, { app: './app.js', groups: { web: { bind: ':1' }, api: { bind: ':2' } } })
}

describe('using the sockets of systemd', () => {
  it('gives all of them to the only group', async () => {
    await using project = await plainProject()
    const config = await loadObject(project, { app: './app.js' })
    const used = useActivation(config, [
      { fd: 3, name: 'x.socket' },
      { fd: 4, name: 'y.socket' },
    ])
    expect(used.groups[0]?.addresses).toEqual([
      { type: 'fd', fd: 3 },
      { type: 'fd', fd: 4 },
    ])
    expect(used.warnings).toEqual([])
  })

  it('gives each of several groups those of its name, and warns of what it ignores', async () => {
    const used = useActivation(await twoGroups(), [
      { fd: 3, name: 'api' },
      { fd: 4, name: 'web' },
      { fd: 5, name: 'web' },
    ])
    expect(used.groups.map(({ name, addresses }) => [name, addresses])).toEqual([
      [
        'web',
        [
          { type: 'fd', fd: 4 },
          { type: 'fd', fd: 5 },
        ],
      ],
      ['api', [{ type: 'fd', fd: 3 }]],
    ])
    expect(used.warnings).toEqual([
      '`bind` (:1) of group web is ignored: systemd has passed its sockets',
      '`bind` (:2) of group api is ignored: systemd has passed its sockets',
    ])
  })

  it('refuses groups without a socket and sockets without a group, and says what to do', async () => {
    const config = await twoGroups()
    const use = (): unknown => useActivation(config, [{ fd: 3, name: 'wbe' }])
    expect(use).toThrow(TunicornError)
    expect(use).toThrow(
      'do not fit the groups: group `web` has no socket, group `api` has no socket, socket `wbe` has no group. Set `FileDescriptorName=`',
    )
  })

  it('changes nothing when there are none', async () => {
    const config = await twoGroups()
    expect(useActivation(config, [])).toBe(config)
  })
})
