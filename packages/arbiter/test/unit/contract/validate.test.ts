import { expect, test } from 'vitest'
import { parseWorkerClass, workerClassProblems } from '../../../src/contract/validate.js'
import { TunicornError } from '../../../src/errors.js'

const capabilities = {
  appKinds: ['node'],
  concurrency: 'multiple',
  heartbeat: 'host',
  keepAlive: true,
  streaming: true,
  upgrade: true,
  lifespan: false,
}
const good = { contract: 1, name: 'event-loop', capabilities, create: () => undefined }
const schema = { '~standard': { version: 1, vendor: 'test', validate: () => ({ value: {} }) } }

test('a complete worker class has no problems', () => {
  expect(workerClassProblems(good)).toEqual([])
  expect(workerClassProblems({ ...good, options: schema, defaults: {}, check: () => [] })).toEqual([])
  expect(workerClassProblems({ ...good, spares: () => 1, watchdog: () => true })).toEqual([])
  expect(workerClassProblems({ ...good, options: Object.assign(() => undefined, schema) })).toEqual([])
})

const cases: readonly (readonly [string, unknown, readonly string[]])[] = [
  ['nothing', null, ['expected an object, got `null`']],
  ['a function', () => undefined, ['expected an object, got a function']],
  ['an empty object', {}, ['expected `contract` to be 1, got `undefined`']],
  [
    'a later contract, whatever else it has',
    { contract: 2 },
    ['it implements contract 2, and this arbiter knows contract 1. Upgrade it: npm install tunicorn@latest'],
  ],
  ['contract 0', { ...good, contract: 0 }, ['expected `contract` to be 1, got `0` (number)']],
  [
    'a contract that is text',
    { ...good, contract: '1' },
    ['expected `contract` to be 1, got `"1"` (string)'],
  ],
  [
    'nothing but a contract',
    { contract: 1 },
    [
      'expected `name` to be lower-case words joined by "-", got `undefined`',
      'expected `capabilities` to be an object, got `undefined`',
      'expected `create` to be a function, got `undefined`',
    ],
  ],
  [
    'a name in capitals',
    { ...good, name: 'EventLoop' },
    ['expected `name` to be lower-case words joined by "-", got `"EventLoop"` (string)'],
  ],
  [
    'a name that ends in a dash',
    { ...good, name: 'a-' },
    ['expected `name` to be lower-case words joined by "-", got `"a-"` (string)'],
  ],
  [
    'empty capabilities',
    { ...good, capabilities: {} },
    [
      'expected `capabilities.appKinds` to be a list of app kinds, got `undefined`',
      'expected `capabilities.concurrency` to be "single" or "multiple", got `undefined`',
      'expected `capabilities.heartbeat` to be "host" or "worker", got `undefined`',
      'expected `capabilities.keepAlive` to be true or false, got `undefined`',
      'expected `capabilities.streaming` to be true or false, got `undefined`',
      'expected `capabilities.upgrade` to be true or false, got `undefined`',
      'expected `capabilities.lifespan` to be true or false, got `undefined`',
    ],
  ],
  [
    'no app kinds',
    { ...good, capabilities: { ...capabilities, appKinds: [] } },
    ['expected `capabilities.appKinds` to be a list of app kinds, got `[]` (array)'],
  ],
  [
    'an unknown concurrency',
    { ...good, capabilities: { ...capabilities, concurrency: 'some' } },
    ['expected `capabilities.concurrency` to be "single" or "multiple", got `"some"` (string)'],
  ],
  [
    'members of the wrong type',
    { ...good, create: 1, check: 1, spares: 2, watchdog: true, defaults: 1, options: { parse: () => 1 } },
    [
      'expected `create` to be a function, got `1` (number)',
      'expected `check` to be a function, got `1` (number)',
      'expected `spares` to be a function, got `2` (number)',
      'expected `watchdog` to be a function, got `true` (boolean)',
      'expected `defaults` to be an object of settings, got `1` (number)',
      'expected `options` to be a Standard Schema, got `{ parse: [Function: parse] }` (object)',
    ],
  ],
]

for (const [what, value, problems] of cases)
  test(`a worker class with ${what} is told everything that is wrong`, () => {
    expect(workerClassProblems(value)).toEqual(problems)
  })

test('the default export of a module is the worker class', () => {
  expect(parseWorkerClass({ default: good, other: 1 }, 'pkg')).toBe(good)
})

test('CommonJS that was compiled from ESM is unwrapped', () => {
  expect(parseWorkerClass({ default: { __esModule: true, default: good } }, 'pkg')).toBe(good)
})

test('a module without a default export is no worker class', () => {
  const parse = (): unknown => parseWorkerClass({ workerClass: good }, 'pkg')
  expect(parse).toThrow('`pkg` is not a worker class: it has no default export')
  expect(parse).toThrow(expect.objectContaining({ code: 'WORKER_CLASS_INVALID' }))
})

test('the error names the source and lists every problem', () => {
  const parse = (): unknown => parseWorkerClass({ default: { ...good, name: '', create: 1 } }, 'pkg')
  expect(parse).toThrow(TunicornError)
  expect(parse).toThrow(
    '`pkg` is not a worker class: expected `name` to be lower-case words joined by "-", got `""` (string); expected `create` to be a function, got `1` (number)',
  )
})
