import { expect, it } from 'vitest'
import { statsdAddressOf } from '../../../src/config/statsd-address.js'

it.each([
  ['127.0.0.1:9125', { host: '127.0.0.1', port: 9125 }],
  ['[::1]:8125', { host: '::1', port: 8125 }],
  ['statsd.example', { host: 'statsd.example', port: 8125 }],
  ['statsd.example:1', { host: 'statsd.example', port: 1 }],
  [':8125', undefined],
  ['a:0', undefined],
  ['unix:/run/datadog/dsd.socket', undefined],
  ['https://a:1', undefined],
  ['a b', undefined],
])('%s', (text, expected) => {
  expect(statsdAddressOf(text)).toEqual(expected)
})
