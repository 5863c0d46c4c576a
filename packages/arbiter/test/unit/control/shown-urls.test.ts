import { expect, test } from 'vitest'
import { shownUrls } from '../../../src/control/shown-urls.js'

const sockets = [{ url: 'http://127.0.0.1:8000' }, { url: 'unix:/run/http:/app.sock' }]

test('addresses of a class that runs an HTTP kind are shown as HTTP', () => {
  for (const appKinds of [['node'], ['resp', 'fetch']] as const)
    expect(shownUrls({ appKinds }, sockets)).toEqual(sockets.map(({ url }) => url))
})

test('addresses of a class with kinds of its own alone are shown as TCP', () => {
  expect(shownUrls({ appKinds: ['resp'] }, sockets)).toEqual([
    'tcp://127.0.0.1:8000',
    'unix:/run/http:/app.sock',
  ])
})
