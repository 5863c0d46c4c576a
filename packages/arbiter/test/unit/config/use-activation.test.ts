import { describe, expect, it } from 'vitest'
import type { ResolvedConfig } from '../../../src/config/settings.js'
import { useActivation } from '../../../src/config/use-activation.js'
import { TunicornError } from '../../../src/errors.js'
import { loadObject } from './load.js'
import { plainProject } from './project.js'

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
