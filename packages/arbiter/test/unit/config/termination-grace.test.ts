import { describe, expect, it } from 'vitest'
import { graceProblem } from '../../../src/config/termination-grace.js'
import { issuesOf, loadCommand, loadObject } from './load.js'
import { plainProject } from './project.js'

const times = {
  terminationGrace: 30,
  origin: 'flag --termination-grace',
  drainDelay: 0,
  gracefulTimeouts: new Map([['default', 25]]),
  hasExitHook: false,
}

describe('the time that the platform waits for', () => {
  it('is right when the drain delay, the graceful timeout and 5 s are within it', () => {
    expect(graceProblem(times)).toBeUndefined()
    expect(graceProblem({ ...times, drainDelay: 0.1 })).toContain('at least 30.1,')
  })

  it('is not looked at unless somebody has said it', () => {
    expect(graceProblem({ ...times, terminationGrace: 0, drainDelay: 1_000 })).toBeUndefined()
  })

  it('has to be enough for the group that may take longest, which is named', () => {
    const gracefulTimeouts = new Map([
      ['web', 10],
      ['reports', 120],
    ])
    expect(graceProblem({ ...times, drainDelay: 5, gracefulTimeouts })).toBe(
      'Expected `terminationGrace` to be 0 or at least 130, which is `drainDelay` (5 s) and `gracefulTimeout` of group `reports` (120 s) and 5 s to end, got 30, from flag --termination-grace: let the platform wait for 130 s and say so here, or lower the two by 100 s',
    )
  })

  it('has to be enough for a hook at the end, too', () => {
    expect(graceProblem({ ...times, hasExitHook: true })).toContain(
      'at least 40, which is `drainDelay` (0 s) and `gracefulTimeout` (25 s) and 15 s to end (10 s of them for the hook `onExit`), got 30',
    )
  })
})

describe('a server that the platform would kill', () => {
  it('does not start, and is told what to set', async () => {
    await using project = await plainProject()
    const flags = { app: ['./app.js'], terminationGrace: ['30'] }
    expect(await issuesOf(loadCommand(project, { flags }))).toEqual([
      'Expected `terminationGrace` to be 0 or at least 35, which is `drainDelay` (0 s) and `gracefulTimeout` (30 s) and 5 s to end, got 30, from flag --termination-grace: let the platform wait for 35 s and say so here, or lower the two by 5 s',
    ])
    const enough = { ...flags, gracefulTimeout: ['20'], drainDelay: ['5'] }
    expect((await loadCommand(project, { flags: enough })).arbiter.terminationGrace).toBe(30)
  })

  it('is found by its hooks as well', async () => {
    await using project = await plainProject()
    const config = { app: './app.js', terminationGrace: 35 }
    await loadObject(project, config)
    const [problem] = await issuesOf(loadObject(project, { ...config, onExit: () => {} }))
    expect(problem).toContain('at least 45,')
  })

  it('is told of a time that is none, and of nothing that follows from it', async () => {
    await using project = await plainProject()
    const flags = { app: ['./app.js'], terminationGrace: ['soon'] }
    expect(await issuesOf(loadCommand(project, { flags }))).toEqual([
      expect.stringContaining('Expected `terminationGrace` to be a number of seconds'),
    ])
  })
})
