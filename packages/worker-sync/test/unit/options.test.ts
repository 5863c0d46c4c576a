import { expect, test } from 'vitest'
import { syncOptions } from '../../src/options.js'

const validate = (value: unknown): unknown => syncOptions['~standard'].validate(value)

test('without options there is no number of spares and no watchdog', () => {
  expect(validate({})).toEqual({ value: { watchdog: false } })
})

test('good options are taken as they are', () => {
  expect(validate({ spares: 0, watchdog: true })).toEqual({ value: { spares: 0, watchdog: true } })
})

test('every bad option is an issue with its path', () => {
  expect(validate({ spares: -1, watchdog: 'yes', threads: 4 })).toEqual({
    issues: [
      { path: ['threads'], message: expect.stringMatching(/no such option.*`spares` and `watchdog`/) },
      { path: ['spares'], message: expect.stringMatching(/whole number, 0 or more, got `-1` \(number\)/) },
      { path: ['watchdog'], message: expect.stringMatching(/true or false, got `"yes"` \(string\)/) },
    ],
  })
})

test.each([[undefined], [null], [[]], [5], ['spares']])('%j is no object of options', given => {
  expect(validate(given)).toEqual({ issues: [{ message: expect.stringMatching(/an object of options/) }] })
})

test.each([[1.5], ['2'], [Number.NaN]])('%j is no number of spares', spares => {
  expect(validate({ spares })).toMatchObject({ issues: [{ path: ['spares'] }] })
})
