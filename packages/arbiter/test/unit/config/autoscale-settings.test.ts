import { readFile } from 'node:fs/promises'
import { codeIn } from '@tunicorn/harness'
import { expect, test } from 'vitest'
import { workerNumbers } from '../../../src/config/autoscale-bounds.js'
import { issuesOf, loadCommand, loadObject } from './load.js'
import { plainProject } from './project.js'

test('a group begins with the least, or with `workers` where that was given, as far as the bounds allow', () => {
  const autoscale = { min: 2, max: 4 }
  const machine = { parallelism: 8 }
  const notGiven = { isGiven: false, ...machine }
  const given = { isGiven: true, ...machine }
  expect(workerNumbers({ workers: 1, autoscale }, notGiven)).toEqual({ workers: 2, autoscale, warnings: [] })
  expect(workerNumbers({ workers: 3, autoscale }, given)).toEqual({ workers: 3, autoscale, warnings: [] })
  expect(workerNumbers({ workers: 'auto', autoscale }, given)).toEqual({
    workers: 4,
    autoscale,
    warnings: ['`workers` is 8, and `autoscale` allows 2 to 4: it begins with 4'],
  })
  expect(workerNumbers({ workers: 'auto', autoscale: 'off' }, given)).toEqual({ workers: 8, warnings: [] })
})

test('`auto` is the available parallelism, and the most is never fewer than the least', () => {
  const numbers = (parallelism: number) =>
    workerNumbers({ workers: 1, autoscale: { min: 2, max: 'auto' } }, { isGiven: false, parallelism })
  expect(numbers(6).autoscale).toEqual({ min: 2, max: 6 })
  expect(numbers(1).autoscale).toEqual({ min: 2, max: 2 })
})

test('the bounds are an object in a config file, and a text on the command line', async () => {
  await using project = await plainProject()
  const app = './app.js'
  const fromObject = await loadObject(project, { app, autoscale: { min: 1, max: 3 }, maxRssTotal: '1gb' })
  const flags = { app: [app], autoscale: ['1-3'], maxRssTotal: ['1gb'] }
  const fromFlags = await loadCommand(project, { flags })
  for (const { groups, arbiter, warnings } of [fromObject, fromFlags]) {
    expect(groups[0]).toMatchObject({ workers: 1, autoscale: { min: 1, max: 3 } })
    expect(arbiter.maxRssTotal).toBe(1024 ** 3)
    expect(warnings).toEqual([])
  }
  const off = await loadCommand(project, { flags: { app: [app] } })
  expect(off.groups[0]?.autoscale).toBeUndefined()
})

test.each(['3', '1-', '-3', '1-x', '1..3', '1-3-5', '0-2', '4-2', ''])(
  'the text %j is refused on the command line',
  async text => {
    await using project = await plainProject()
    const [issue, ...others] = await issuesOf(
      loadCommand(project, { flags: { app: ['./app.js'], autoscale: [text] } }),
    )
    expect(issue).toMatch(/^Expected `autoscale` to be \{ min, max \}.*, from flag --autoscale$/)
    expect(others).toEqual([])
  },
)

test('a limit of memory that bounds nothing is told, and so is a number of workers that the bounds do not allow', async () => {
  await using project = await plainProject()
  const app = './app.js'
  const alone = await loadObject(project, { app, maxRssTotal: '1gb' })
  expect(alone.warnings).toEqual(['`maxRssTotal` has no effect: it bounds `autoscale`, which no group has'])
  const groups = { web: { app, workers: 9, autoscale: { min: 1, max: 4 } } }
  expect((await loadObject(project, { groups })).warnings).toEqual([
    'Group `web`: `workers` is 9, and `autoscale` allows 1 to 4: it begins with 4',
  ])
})

test('who debugs has one worker, whatever its load', async () => {
  await using project = await plainProject()
  const config = await loadObject(project, {
    app: './app.js',
    autoscale: { min: 2, max: 3 },
    maxRssTotal: '1gb',
    inspect: 0,
  })
  expect(config.groups[0]).toMatchObject({ workers: 1, settings: { autoscale: 'off' } })
  expect(config.warnings).toEqual([])
})

test('the config file of docs/scaling.md is a good one', async () => {
  const text = await readFile(new URL('../../../../../docs/scaling.md', import.meta.url), 'utf8')
  const [config = ''] = codeIn(text, 'js')
  const app = 'export default () => {}'
  await using project = await plainProject({
    'tunicorn.config.mjs': config,
    'web.mjs': app,
    'admin.mjs': app,
  })
  const { arbiter, groups, warnings } = await loadCommand(project)
  const [web, admin] = groups
  expect(arbiter.maxRssTotal).toBe(2 * 1024 ** 3)
  expect([web?.autoscale?.min, web?.workers, admin?.autoscale]).toEqual([2, 2, undefined])
  expect(warnings).toEqual([])
})
