import { expect, test } from 'vitest'
import { contextFor } from '../../src/server/tls-options.js'

const contexts = [
  { name: '*.example.org', context: 'first wildcard' },
  { name: 'www.example.org', context: 'whole' },
  { name: 'www.example.org', context: 'later' },
  { name: '*.example.org', context: 'later wildcard' },
]

test.each([
  ['www.example.org', 'whole'],
  ['WWW.Example.org', 'whole'],
  ['api.example.org', 'first wildcard'],
  ['a.b.example.org', undefined],
  ['example.org', undefined],
  ['localhost', undefined],
  ['', undefined],
])('a client that asks for %s gets the context %s', (asked, context) => {
  expect(contextFor(contexts, asked)).toBe(context)
})
