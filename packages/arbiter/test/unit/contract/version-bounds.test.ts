import satisfies from 'semver/functions/satisfies.js'
import { expect, test } from 'vitest'
import { isWithinBounds } from '../../../src/contract/version-bounds.js'

const versions = ['0.0.0', '0.9.9', '1.2.0', '1.2.3', '1.10.0', '2.0.0', '10.0.0']
const ranges = ['>=0.0.0 <1.0.0', '>=1.2.0 <2.0.0', '>=1.2.3 <1.10.0', '>=2.0.0 <2.0.0', '>=9.0.0 <11.0.0']

test.each(ranges)('%s holds the versions that semver says it holds', range => {
  for (const version of versions) expect(isWithinBounds(version, range)).toBe(satisfies(version, range))
})

test('other ranges and prereleases are left to semver', () => {
  for (const range of [
    '^1.2.0',
    '*',
    '>=1.2.0',
    '>=1.2.0 <2',
    '>=1.2.0 <2.0.0 || 3',
    '>=1.2.0-a <2.0.0',
    'workspace:*',
  ])
    expect(isWithinBounds('1.2.0', range)).toBeUndefined()
  expect(isWithinBounds('1.2.0-rc.1', '>=1.2.0 <2.0.0')).toBeUndefined()
})
