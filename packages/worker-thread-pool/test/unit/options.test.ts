import { defaultWorkerSettings, type StandardSchemaV1 } from '@tunicorn/arbiter/worker'
import { describe, expect, it } from 'vitest'
import threadPool from '../../src/index.js'
import { threadPoolOptions } from '../../src/pool/options.js'

async function validate(given: unknown): Promise<StandardSchemaV1.Result<unknown>> {
  return await threadPoolOptions['~standard'].validate(given)
}

async function issuePaths(given: unknown): Promise<readonly unknown[]> {
  const { issues = [] } = await validate(given)
  return issues.map(({ path = [] }) =>
    path.map(part => (typeof part === 'object' ? part.key : part)).join('.'),
  )
}

describe('options', () => {
  it('have defaults for everything but the number of threads', async () => {
    expect(await validate({})).toMatchObject({
      value: {
        concurrency: 1,
        threadPaths: [],
        loopPaths: [],
        resourceLimits: {},
        maxRequestsPerThread: 0,
        maxThreadAge: 0,
      },
    })
  })

  it('take prefixes as a text with commas, as a command line gives them', async () => {
    expect(await validate({ loopPaths: '/health, /metrics' })).toMatchObject({
      value: { loopPaths: ['/health', '/metrics'] },
    })
  })

  it('report every mistake with its path', async () => {
    const wrong = {
      threads: 0,
      concurrency: 1.5,
      loopPaths: ['health'],
      resourceLimits: { maxOldGenerationSizeMb: 0 },
      thread: 2,
    }
    expect((await issuePaths(wrong)).toSorted()).toEqual(
      ['threads', 'concurrency', 'loopPaths.0', 'resourceLimits.maxOldGenerationSizeMb', 'thread'].toSorted(),
    )
  })

  it('are named where the name of one is wrong', async () => {
    const { issues } = await validate({ threds: 2, resourceLimits: { stackSize: 4 } })
    const messages = issues?.map(({ message }) => message) ?? []
    expect(messages.toSorted()).toEqual([
      expect.stringMatching(
        /^there is no such option: the options are maxOldGenerationSizeMb, .*stackSizeMb$/,
      ),
      expect.stringMatching(/^there is no such option: the options are threads, .*maxThreadAge$/),
    ])
  })

  it('are checked for prefixes in both lists', async () => {
    const result = await threadPoolOptions['~standard'].validate({
      threadPaths: ['/a'],
      loopPaths: ['/a', '/b'],
    })
    if (result.issues !== undefined) throw new Error('the options are valid each by itself')
    const input = { group: 'default', workers: 1, given: new Set<string>(), options: result.value }
    const settings = defaultWorkerSettings
    expect(threadPool.check?.({ ...input, settings })).toEqual([
      { path: ['workerOptions', 'loopPaths'], message: expect.stringContaining('`/a`') },
    ])
  })
})
