import { expect, test } from 'vitest'
import { defineConfig } from '../../../src/config/source.js'

test('the literals of a config are checked as settings, in an object and in a function alike', () => {
  const shared = defineConfig({ limitRequestBody: '64kb', logLevel: 'warn' })
  // What counts is that this compiles: a literal that is widened to `string` is no size and no level.
  const perReload = defineConfig(() => ({
    groups: { web: { limitRequestBody: '64kb', bind: ':8000' } },
    logLevel: 'warn',
  }))
  expect(shared).toEqual({ limitRequestBody: '64kb', logLevel: 'warn' })
  expect(perReload()).toMatchObject({ logLevel: 'warn' })
})
