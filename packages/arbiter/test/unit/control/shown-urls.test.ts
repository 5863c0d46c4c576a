import { expect, test } from 'vitest'
import { shownUrls } from '../../../src/control/shown-urls.js'

const sockets = [
  { url: 'http://127.0.0.1:8000', address: { address: '127.0.0.1', family: 'IPv4', port: 8000 } },
  { url: 'unix:/run/http:/app.sock', address: '/run/http:/app.sock' },
]
const group = {
  addresses: [
    { type: 'tcp', host: '127.0.0.1', port: 8000 },
    { type: 'unix', path: '/run/http:/app.sock' },
  ],
} as const
const encrypted = { group, sockets, tls: {} }

test('addresses of a class that runs an HTTP kind are shown as HTTP', () => {
  for (const appKinds of [['node'], ['resp', 'fetch']] as const)
    expect(shownUrls({ appKinds }, { group, sockets })).toEqual(sockets.map(({ url }) => url))
})

test('addresses of a class with kinds of its own alone are shown as TCP', () => {
  expect(shownUrls({ appKinds: ['resp'] }, { group, sockets })).toEqual([
    'tcp://127.0.0.1:8000',
    'unix:/run/http:/app.sock',
  ])
})

test('encrypted addresses are shown as HTTPS, or as TLS', () => {
  const shown = (kind: string): string | undefined => shownUrls({ appKinds: [kind] }, encrypted)[0]
  expect(shown('node')).toBe('https://127.0.0.1:8000')
  expect(shown('resp')).toBe('tls://127.0.0.1:8000')
})
