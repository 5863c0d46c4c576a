import { TunicornError } from '@tunicorn/arbiter/internal'
import { expect, test } from 'vitest'
import { errorMessage } from '../../../src/console/messages.js'

test('one problem is one line', async () => {
  const error = new TunicornError('BIND_FAILED', 'The port is taken')
  expect(await errorMessage(error, false)).toBe('tunicorn: The port is taken\n')
})

test('several problems are a heading and one line each', async () => {
  const error = new TunicornError('CONFIG_INVALID', 'First\nSecond')
  expect(await errorMessage(error, false)).toBe(
    'tunicorn: 2 problems with the configuration:\n  First\n  Second\n',
  )
})

test('an error that nobody foresaw is shown with its stack', async () => {
  expect(await errorMessage(new RangeError('odd'), false)).toMatch(/^tunicorn: RangeError: odd\n +at /)
})

test('something that is no error is shown as text', async () => {
  expect(await errorMessage('odd', false)).toBe('tunicorn: odd\n')
})

test('only a terminal gets colours', async () => {
  const error = new TunicornError('BIND_FAILED', 'The port is taken')
  expect(await errorMessage(error, true)).toBe('\u001B[31mtunicorn:\u001B[39m The port is taken\n')
})
