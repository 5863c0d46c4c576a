import { expect, test } from 'vitest'
import { issuesOf, loadCommand, loadObject } from './load.js'
import { plainProject } from './project.js'

test.each([
  ['a flag in octal', { flags: { socketMode: ['660'] } }],
  ['a flag with a leading zero', { flags: { socketMode: ['0660'] } }],
  ['a flag as in JavaScript', { flags: { socketMode: ['0o660'] } }],
])('socketMode is read from %s and reaches the Unix sockets', async (_how, { flags }) => {
  await using project = await plainProject()
  const bind = ['unix:a.sock', ':0']
  const config = await loadCommand(project, { flags: { app: ['./app.js'], bind, ...flags } })
  expect(config.groups[0]?.addresses).toEqual([
    { type: 'unix', path: `${project.path}/a.sock`, mode: 0o660 },
    { type: 'tcp', host: '0.0.0.0', port: 0 },
  ])
})

test('socketMode is 0600 unless set, and in a config file a number or octal text', async () => {
  await using project = await plainProject()
  const modeOf = async (socketMode?: unknown): Promise<unknown> =>
    (await loadObject(project, { app: './app.js', socketMode })).groups[0]?.settings.socketMode
  expect(await modeOf()).toBe(0o600)
  expect(await modeOf(0o666)).toBe(0o666)
  expect(await modeOf('0666')).toBe(0o666)
})

test.each([660, '888', '66', -1, 0o1777])('socketMode %j is refused', async socketMode => {
  await using project = await plainProject()
  const [issue] = await issuesOf(loadObject(project, { app: './app.js', socketMode }))
  expect(issue).toContain('Expected `socketMode` to be a mode from 0 to 0o777')
})

test('user and group that this machine does not have are issues with their origin, both at once with others', async () => {
  await using project = await plainProject()
  const flags = { app: ['./app.js'], user: ['no-such-user'], workers: ['-1'] }
  expect(await issuesOf(loadCommand(project, { flags }))).toEqual([
    expect.stringContaining('Expected `workers`'),
    'Expected `user` to be a name or a number of this machine, got `no-such-user`: this machine has no such user, from flag --user',
  ])
  expect(await issuesOf(loadObject(project, { app: './app.js', group: 'no-such-group' }))).toEqual([
    'Expected `group` to be a name or a number of this machine, got `no-such-group`: this machine has no such group, from the configuration object',
  ])
})

test('user and group give the identity of the workers and own the Unix sockets', async () => {
  await using project = await plainProject()
  const given = { app: './app.js', bind: 'unix:a.sock', user: 4711, group: 4712 }
  const config = await loadObject(project, given)
  expect(config.identity).toEqual({ uid: 4711, gid: 4712 })
  expect(config.groups[0]?.addresses).toMatchObject([{ type: 'unix', owner: { uid: 4711, gid: 4712 } }])
})

test('groups may share a `bind` that does not count, because the sockets are passed', async () => {
  await using project = await plainProject()
  const config = { app: './app.js', groups: { web: {}, api: {} } }
  expect(await issuesOf(loadObject(project, config))).toEqual([expect.stringContaining('both bind')])
  const loaded = await loadObject(project, config, { hasSockets: true })
  expect(loaded.groups.map(({ name }) => name)).toEqual(['web', 'api'])
})

test('reload is a switch, and extra files are resolved from chdir', async () => {
  await using project = await plainProject({ 'sub/app.js': 'export default (req, res) => res.end()' })
  const flags = {
    app: ['./app.js'],
    reload: ['true'],
    reloadExtraFiles: ['.env', '/etc/hosts'],
    reloadIgnore: ['data'],
    chdir: ['sub'],
  }
  const { arbiter } = await loadCommand(project, { flags })
  expect(arbiter.reload).toBe(true)
  expect(arbiter.reloadExtraFiles).toEqual([`${project.path}/sub/.env`, '/etc/hosts'])
  expect(arbiter.reloadIgnore).toEqual([`${project.path}/sub/data`])
  const [issue] = await issuesOf(loadObject(project, { app: './sub/app.js', reload: 'yes' }))
  expect(issue).toContain('Expected `reload` to be true or false, got `"yes"` (string)')
})
