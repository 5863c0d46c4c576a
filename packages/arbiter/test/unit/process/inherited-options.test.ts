import { expect, test } from 'vitest'
import { inheritedOptions } from '../../../src/process/inherited-options.js'

test.each([
  [
    ['--import', './pre.mjs'],
    ['--import', 'file:///srv/a%20b/pre.mjs'],
  ],
  [['--import=../pre.mjs'], ['--import=file:///srv/pre.mjs']],
  [
    ['-r', './pre.cjs', '--require=dotenv/config'],
    ['-r', '/srv/a b/pre.cjs', '--require=dotenv/config'],
  ],
  [
    ['--import', 'tsx', '--import', '/x.mjs', '--import', 'data:,1'],
    ['--import', 'tsx', '--import', '/x.mjs', '--import', 'data:,1'],
  ],
  [
    ['--cpu-prof', '--cpu-prof-dir', 'profiles'],
    ['--cpu-prof', '--cpu-prof-dir', '/srv/a b/profiles'],
  ],
  [
    ['--allow-fs-read=*', '--allow-fs-write=tmp,/var'],
    ['--allow-fs-read=*', '--allow-fs-write=/srv/a b/tmp,/var'],
  ],
  [['--env-file=.env', '--env-file', 'b', '--env-file-if-exists=c', '--no-warnings'], ['--no-warnings']],
])('paths in options are made absolute: %j', (given, expected) => {
  expect(inheritedOptions(given, undefined, '/srv/a b').flags).toEqual(expected)
})

test('so are those in the variable, and one of somebody else is left as it is', () => {
  const text = '--no-warnings -r "./a \\"b\\".cjs"'
  const { environment } = inheritedOptions([], text, '/srv/a b')
  expect(environment({ NODE_OPTIONS: text, A: '1' })).toEqual({
    NODE_OPTIONS: '--no-warnings -r "/srv/a b/a \\"b\\".cjs"',
    A: '1',
  })
  expect(environment({ NODE_OPTIONS: '-r ./other.cjs' })).toEqual({ NODE_OPTIONS: '-r ./other.cjs' })
  expect(environment({})).toEqual({})
})
