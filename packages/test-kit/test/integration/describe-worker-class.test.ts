import { describeWorkerClass, type TestRunner } from '@tunicorn/test-kit'
import eventLoop from '@tunicorn/worker-event-loop'
import { expect, test } from 'vitest'

const module = import.meta.resolve('@tunicorn/worker-event-loop')

interface Declared {
  readonly name: string
  run(): Promise<void>
}

/** A runner that runs nothing by itself. */
function collect(options: Partial<Parameters<typeof describeWorkerClass>[2]> = {}): readonly Declared[] {
  const declared: Declared[] = []
  const runner: TestRunner = {
    describe: (_name, define) => define(),
    test: (name, _timeoutMs, run) => void declared.push({ name, run }),
    after: () => {},
  }
  describeWorkerClass(runner, eventLoop, { module, ...options })
  return declared
}

test('every clause that applies is a test, named with its number', () => {
  const names = collect().map(({ name }) => name)
  expect(names).toHaveLength(39)
  expect(names[0]).toBe(
    'WC-101: The default export is a worker class: known contract, legal name, complete capabilities',
  )
  expect(names).toContain("WC-306 (`concurrency` 'multiple'): Several clients at once overlap")
})

test('a clause that is expected to fail, and passes, fails', async () => {
  const [first] = collect({ expectedFailures: { 'WC-101': 'not yet' } })
  expect(first?.name).toMatch(/\(expected to fail: not yet\)$/)
  await expect(first?.run()).rejects.toThrow(
    'WC-101 passes, and `expectedFailures` says that it fails (not yet). Remove it there',
  )
})

test('a clause that is expected to fail, and fails, passes', async () => {
  const other = { ...eventLoop, name: 'other' }
  const declared: Declared[] = []
  describeWorkerClass(
    {
      describe: (_name, define) => define(),
      test: (name, _timeoutMs, run) => void declared.push({ name, run }),
      after: () => {},
    },
    other,
    { module, expectedFailures: { 'WC-101': 'the module exports a class of another name' } },
  )
  await expect(declared[0]?.run()).resolves.toBeUndefined()
})

test('an expected failure of something that is no clause is refused', () => {
  expect(() => collect({ expectedFailures: { 'WC-999': 'a slip' } })).toThrow(
    '`expectedFailures` names WC-999',
  )
  // Of the other heartbeat and of those with a lifespan.
  expect(() => collect({ expectedFailures: { 'WC-801': 'not for this class' } })).toThrow('WC-801')
})

test('a class that promises an app kind for which there is no fixture is told to give one', () => {
  const { capabilities } = eventLoop
  const resp = { ...eventLoop, capabilities: { ...capabilities, appKinds: ['resp'] as const } }
  const runner: TestRunner = { describe: () => {}, test: () => {}, after: () => {} }
  expect(() => describeWorkerClass(runner, resp, { module })).toThrow(
    'promises apps of kind `resp`, for which the suite has no fixture app. Give one: `apps: { resp:',
  )
})

test('a relative module is refused, with what to write instead', () => {
  expect(() => collect({ module: './dist/index.js' })).toThrow(
    'Expected `module` to be a file URL or an absolute path, got "./dist/index.js". Give `new URL(\'./dist/index.js\', import.meta.url)`',
  )
})
